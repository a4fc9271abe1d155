"""Contracts, teams and the people in them. Every function is told the tenant and touches nothing of another one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.audit import note
from storage.people import contracts, people, roles, teams, tenants
from storage.store import insert_once


@dataclass(frozen=True)
class TeamRecord:
    """A team and the contract it works on."""

    id: int
    name: str
    contract_id: int
    contract: str


@dataclass(frozen=True)
class Member:
    """A person as a list shows them: no name, because none is kept."""

    id: int
    external_id: str
    roles: tuple[str, ...]
    team: str | None
    contract: str | None
    contract_id: int | None


@dataclass(frozen=True)
class TenantRecord:
    """A workspace or tenant, and how many people in it have written."""

    id: int
    platform: str
    external_id: str
    people: int


def every_tenant(connection: Connection) -> list[TenantRecord]:
    """For the operator's list."""
    count = select(func.count()).where(people.c.tenant_id == tenants.c.id).scalar_subquery()
    found = select(tenants.c.id, tenants.c.platform, tenants.c.external_id, count).order_by(tenants.c.id)
    return [TenantRecord(*row) for row in connection.execute(found)]


def every_contract(connection: Connection) -> list[tuple[int, int, dict[str, Any] | None, str]]:
    """Every contract of every tenant that has the app: id, tenant, settings, time zone."""
    found = (
        select(contracts.c.id, contracts.c.tenant_id, contracts.c.settings, contracts.c.timezone)
        .select_from(contracts.join(tenants, tenants.c.id == contracts.c.tenant_id))
        .where(tenants.c.removed_at.is_(None))
        .order_by(contracts.c.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(found)]


_TEAMS = select(teams.c.id, teams.c.name, contracts.c.id, contracts.c.name).select_from(
    teams.join(contracts, contracts.c.id == teams.c.contract_id)
)


def every_team(connection: Connection, tenant_id: int) -> list[TeamRecord]:
    """The tenant's teams, by contract and name."""
    found = _TEAMS.where(teams.c.tenant_id == tenant_id).order_by(contracts.c.name, teams.c.name)
    return [TeamRecord(*row) for row in connection.execute(found)]


def team(connection: Connection, tenant_id: int, team_id: int) -> TeamRecord | None:
    """The tenant's team with this id."""
    row = connection.execute(_TEAMS.where(teams.c.tenant_id == tenant_id, teams.c.id == team_id)).first()
    return TeamRecord(*row) if row else None


def team_of_channel(connection: Connection, tenant_id: int, channel: str) -> TeamRecord | None:
    """The team that a channel places people in."""
    row = connection.execute(_TEAMS.where(teams.c.tenant_id == tenant_id, teams.c.channel == channel)).first()
    return TeamRecord(*row) if row else None


def join(connection: Connection, tenant_id: int, person_id: int, team_id: int, by: int | None, now: datetime) -> bool:
    """Put a person into a team; False when either isn't the tenant's."""
    if team(connection, tenant_id, team_id) is None:
        return False
    mine = (people.c.id == person_id) & (people.c.tenant_id == tenant_id)
    done = connection.execute(update(people).where(mine).values(team_id=team_id)).rowcount == 1
    if done:
        note(connection, tenant_id, by, "join", f"P{person_id} team {team_id}", now)
    return done


def members(connection: Connection, tenant_id: int, contract_ids: Collection[int] | None = None) -> list[Member]:
    """People of the tenant; with `contract_ids`, only those in a team on one of these contracts."""
    rows = (
        select(people.c.id, people.c.external_id, roles.c.role, teams.c.name, contracts.c.name, contracts.c.id)
        .select_from(
            people.outerjoin(roles, roles.c.person_id == people.c.id)
            .outerjoin(teams, teams.c.id == people.c.team_id)
            .outerjoin(contracts, contracts.c.id == teams.c.contract_id)
        )
        .where(people.c.tenant_id == tenant_id)
        .order_by(people.c.id, roles.c.role)
    )
    if contract_ids is not None:
        rows = rows.where(contracts.c.id.in_(list(contract_ids)))
    found: dict[int, Member] = {}
    for identity, external, role, team_name, contract, contract_id in connection.execute(rows):
        held = found[identity].roles if identity in found else ()
        mine = (*held, role) if role else held
        found[identity] = Member(identity, external, mine, team_name, contract, contract_id)
    return list(found.values())


def grant(connection: Connection, tenant_id: int, person_id: int, role: str, by: int | None, now: datetime) -> bool:
    """Give a person a role; False when the person isn't the tenant's."""
    if not _is_here(connection, tenant_id, person_id):
        return False
    held = select(roles.c.role).where(roles.c.person_id == person_id, roles.c.role == role)
    if connection.execute(held).first() is None:
        connection.execute(insert(roles), {"person_id": person_id, "role": role, "tenant_id": tenant_id})
        note(connection, tenant_id, by, f"grant {role}", f"P{person_id}", now)
    return True


def revoke(connection: Connection, tenant_id: int, person_id: int, role: str, by: int | None, now: datetime) -> bool:
    """Take a role away; False when the person isn't the tenant's. Everybody stays an operative."""
    if not _is_here(connection, tenant_id, person_id):
        return False
    mine = (roles.c.person_id == person_id) & (roles.c.role == role) & (roles.c.tenant_id == tenant_id)
    if connection.execute(delete(roles).where(mine)).rowcount:
        note(connection, tenant_id, by, f"revoke {role}", f"P{person_id}", now)
    return True


def admins(connection: Connection, tenant_id: int) -> int:
    """How many admins the tenant has; the last one can't be lost."""
    count = select(func.count()).where(roles.c.tenant_id == tenant_id, roles.c.role == "admin")
    return int(connection.execute(count).scalar_one())


def _is_here(connection: Connection, tenant_id: int, person_id: int) -> bool:
    mine = (people.c.id == person_id) & (people.c.tenant_id == tenant_id)
    return connection.execute(select(people.c.id).where(mine)).first() is not None


def put_contract(
    connection: Connection, tenant_id: int, name: str, columns: dict[str, Any], settings: dict[str, Any], now: datetime
) -> int:
    """Make or change a contract by its name; its id."""
    found = insert_once(
        connection, contracts, {**_EMPTY, **columns, "tenant_id": tenant_id, "name": name, "settings": settings}
    )
    if found is None:
        mine = (contracts.c.tenant_id == tenant_id) & (contracts.c.name == name)
        connection.execute(update(contracts).where(mine).values(**columns, settings=settings))
        found = connection.execute(select(contracts.c.id).where(mine)).scalar_one()
    note(connection, tenant_id, None, "contract", f"contract {found}", now)
    return int(found)


_EMPTY = {"landlord": "", "emergency_phone": "", "safeguarding_phone": "", "adult_age": 18, "timezone": "Europe/London"}


def put_team(connection: Connection, tenant_id: int, contract_id: int, name: str, channel: str | None) -> int:
    """Make or change a team by its name; its id."""
    row = {"tenant_id": tenant_id, "contract_id": contract_id, "name": name, "channel": channel}
    found = insert_once(connection, teams, row)
    if found is None:
        mine = (teams.c.contract_id == contract_id) & (teams.c.name == name)
        connection.execute(update(teams).where(mine).values(channel=channel))
        found = connection.execute(select(teams.c.id).where(mine)).scalar_one()
    return int(found)


def change_contract(
    connection: Connection, tenant_id: int, contract_id: int, columns: dict[str, Any], by: int, now: datetime
) -> bool:
    """Change single settings in chat; False when the contract isn't the tenant's."""
    mine = (contracts.c.id == contract_id) & (contracts.c.tenant_id == tenant_id)
    done = connection.execute(update(contracts).where(mine).values(**columns)).rowcount == 1
    if done:
        note(connection, tenant_id, by, f"set {' '.join(sorted(columns))}", f"contract {contract_id}", now)
    return done
