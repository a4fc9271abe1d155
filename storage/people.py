"""Tenants, people and conversations: who is talking, where. Made on first sight, looked up by the platform's own ids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, literal, or_, select, update

from storage.store import insert_once
from storage.tables import Contract, Conversation, Dialogue, Installation, Person, PersonRole, Team, Tenant, table

tenants, people, roles = table(Tenant), table(Person), table(PersonRole)
conversations, dialogues = table(Conversation), table(Dialogue)
teams, contracts, installations = table(Team), table(Contract), table(Installation)


@dataclass(frozen=True)
class Place:
    """Row ids of a turn's tenant, conversation and person."""

    tenant_id: int
    conversation_id: int
    person_id: int


@dataclass(frozen=True)
class ContractRecord:
    """What a card needs of the person's contract."""

    id: int
    name: str
    landlord: str
    emergency_phone: str
    safeguarding_phone: str
    adult_age: int
    team: str = ""
    settings: dict[str, Any] | None = None
    timezone: str = "Europe/London"


@dataclass(frozen=True)
class PersonRecord:
    """A person as a turn sees them; `removed_at` is set while their tenant has the app removed."""

    id: int
    tenant_id: int
    timezone: str
    welcomed_at: datetime | None
    roles: tuple[str, ...]
    contract: ContractRecord | None = None
    removed_at: datetime | None = None
    blocked: bool = False
    team_id: int | None = None


_TENANT = select(tenants.c.id).where(
    tenants.c.platform == bindparam("platform"), tenants.c.external_id == bindparam("external_id")
)
_PERSON = select(people.c.id).where(
    people.c.tenant_id == bindparam("tenant_id"), people.c.external_id == bindparam("external_id")
)
_CONVERSATION = select(conversations.c.id).where(
    conversations.c.tenant_id == bindparam("tenant_id"), conversations.c.external_key == bindparam("external_key")
)


_STILL = select(people.c.id).where(people.c.id == bindparam("person_id"), people.c.external_id == bindparam("external_id"))


def still(connection: Connection, where: Place, person: str) -> bool:
    """Whether a remembered row is still this person's: erasing somebody gives their row another name."""
    return connection.execute(_STILL, {"person_id": where.person_id, "external_id": person}).first() is not None


def tenant_id(connection: Connection, platform: str, external_id: str, now: datetime) -> int:
    """The tenant's row id; the row is made when it is new."""
    keys = {"platform": platform, "external_id": external_id}
    made = insert_once(connection, tenants, {**keys, "created_at": now})
    return int(made if made is not None else connection.execute(_TENANT, keys).scalar_one())


def place(connection: Connection, tenant: int, conversation: str, person: str, now: datetime) -> Place:
    """Row ids of a conversation and a person of the tenant; rows are made when they are new."""
    keys = {"tenant_id": tenant, "external_key": conversation}
    found = connection.execute(_CONVERSATION, keys).scalar()
    if found is None:
        found = insert_once(connection, conversations, {**keys, "created_at": now})
        found = found if found is not None else connection.execute(_CONVERSATION, keys).scalar_one()
    who = {"tenant_id": tenant, "external_id": person}
    person_id = connection.execute(_PERSON, who).scalar()
    if person_id is None:
        person_id = insert_once(connection, people, {**who, "timezone": "Europe/London", "created_at": now})
        if person_id is None:
            person_id = connection.execute(_PERSON, who).scalar_one()
        else:
            connection.execute(insert(roles), {"person_id": person_id, "role": "operative", "tenant_id": tenant})
    return Place(tenant, int(found), int(person_id))


_READ_PERSON = (
    select(
        people.c.id,
        people.c.tenant_id,
        people.c.timezone,
        people.c.welcomed_at,
        people.c.team_id,
        roles.c.role,
        dialogues.c.state,
        tenants.c.removed_at,
        conversations.c.blocked_reason,
    )
    .select_from(
        people.join(tenants, tenants.c.id == people.c.tenant_id)
        .join(conversations, conversations.c.id == bindparam("conversation_id"))
        .outerjoin(roles, roles.c.person_id == people.c.id)
        .outerjoin(
            dialogues,
            (dialogues.c.person_id == people.c.id) & (dialogues.c.conversation_id == bindparam("conversation_id")),
        )
    )
    .where(people.c.id == bindparam("person_id"), people.c.tenant_id == bindparam("tenant_id"))
)
_READ_CONTRACT = (
    select(
        contracts.c.id,
        contracts.c.name,
        contracts.c.landlord,
        contracts.c.emergency_phone,
        contracts.c.safeguarding_phone,
        contracts.c.adult_age,
        teams.c.name,
        contracts.c.settings,
        contracts.c.timezone,
    )
    .select_from(teams.join(contracts, contracts.c.id == teams.c.contract_id))
    .where(teams.c.id == bindparam("team_id"), contracts.c.tenant_id == bindparam("tenant_id"))
)


def read(connection: Connection, where: Place) -> tuple[PersonRecord, dict[str, object] | None]:
    """The person, and the state of their dialogue in this conversation (None when there is none yet)."""
    keys = {"person_id": where.person_id, "tenant_id": where.tenant_id, "conversation_id": where.conversation_id}
    rows = connection.execute(_READ_PERSON, keys).all()
    first = rows[0]
    contract = None
    if first.team_id is not None:
        found = connection.execute(_READ_CONTRACT, {"team_id": first.team_id, "tenant_id": where.tenant_id}).first()
        contract = ContractRecord(*found) if found else None
    held = tuple(sorted(row.role for row in rows if row.role))
    blocked = first.blocked_reason is not None
    person = PersonRecord(
        first.id, first.tenant_id, first.timezone, first.welcomed_at, held, contract, first.removed_at, blocked, first.team_id
    )
    return person, first.state


def contract(connection: Connection, tenant_id: int, identity: int) -> ContractRecord | None:
    """A contract of the tenant, for whoever acts on it without being in one of its teams."""
    columns = [column for column in _READ_CONTRACT.selected_columns if column.table is contracts]
    wanted = select(*columns).where(contracts.c.id == identity, contracts.c.tenant_id == tenant_id)
    row = connection.execute(wanted).mappings().first()
    return ContractRecord(**row) if row else None


_WRITE_DIALOGUE = (
    update(dialogues)
    .where(dialogues.c.conversation_id == bindparam("conversation"), dialogues.c.person_id == bindparam("person"))
    .values(state=bindparam("new_state"), updated_at=bindparam("now"))
)


def write_dialogue(connection: Connection, where: Place, state: dict[str, object], now: datetime, *, new: bool) -> None:
    """Store the dialogue's state whole."""
    if new:
        row = {"conversation_id": where.conversation_id, "person_id": where.person_id, "tenant_id": where.tenant_id}
        connection.execute(insert(dialogues), {**row, "state": state, "updated_at": now})
        return
    keys = {"conversation": where.conversation_id, "person": where.person_id, "new_state": state, "now": now}
    connection.execute(_WRITE_DIALOGUE, keys)


def welcomed(connection: Connection, where: Place, now: datetime) -> None:
    """Note that the person has met the bot."""
    mine = (people.c.id == where.person_id) & (people.c.tenant_id == where.tenant_id)
    connection.execute(update(people).where(mine).values(welcomed_at=now))


def set_roles(connection: Connection, where: Place, wanted: tuple[str, ...]) -> None:
    """Give the person exactly these roles. The playground's persona switch uses it."""
    mine = (roles.c.person_id == where.person_id) & (roles.c.tenant_id == where.tenant_id)
    held = set(connection.execute(select(roles.c.role).where(mine)).scalars())
    for role in held - set(wanted):
        connection.execute(delete(roles).where(mine, roles.c.role == role))
    for role in set(wanted) - held:
        connection.execute(insert(roles), {"person_id": where.person_id, "role": role, "tenant_id": where.tenant_id})


def block(connection: Connection, conversation_id: int, reason: str) -> None:
    """Nothing more can be said in this conversation, until the person says something again."""
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(blocked_reason=reason[:80]))


def unblock(connection: Connection, conversation_id: int) -> None:
    """The person is back."""
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(blocked_reason=None))


_NOTE_ADDRESS = update(conversations).where(conversations.c.id == bindparam("conversation")).values(address=bindparam("reach"))


def note_address(connection: Connection, conversation_id: int, address: dict[str, Any]) -> None:
    """How to write to this conversation without being asked; the latest one counts."""
    connection.execute(_NOTE_ADDRESS, {"conversation": conversation_id, "reach": address})


def reach(connection: Connection, tenant: int, person_id: int) -> tuple[Place, dict[str, Any]] | None:
    """The person's own chat and how to write to it; None when they never wrote, left, or had the app removed."""
    own = (
        select(conversations.c.id, conversations.c.address)
        .select_from(people.join(conversations, conversations.c.tenant_id == people.c.tenant_id))
        .join(tenants, tenants.c.id == people.c.tenant_id)
        .where(
            people.c.id == person_id,
            people.c.tenant_id == tenant,
            or_(*(conversations.c.external_key == literal(kind).concat(people.c.external_id) for kind in ("dm:", "chat:"))),
            conversations.c.blocked_reason.is_(None),
            conversations.c.address.is_not(None),
            tenants.c.removed_at.is_(None),
        )
    )
    row = connection.execute(own).first()
    return (Place(tenant, row.id, person_id), row.address) if row else None


def reach_channel(
    connection: Connection, tenant: int, channel: str, by: int, now: datetime
) -> tuple[Place, dict[str, Any]] | None:
    """A channel as a place to write to, and how: as to somebody's own chat, but there. None when they can't be reached."""
    found = reach(connection, tenant, by)
    if found is None:
        return None
    keys = {"tenant_id": tenant, "external_key": channel}
    conversation = insert_once(connection, conversations, {**keys, "created_at": now})
    conversation = conversation if conversation is not None else connection.execute(_CONVERSATION, keys).scalar_one()
    name = "channel" if "channel" in found[1] else "conversation"
    return Place(tenant, int(conversation), by), {**found[1], name: channel}


def wants_pocket(connection: Connection, tenant: int, contract_id: int, until: str) -> list[tuple[int, str]]:
    """Who on a contract wants the pocket pack at a time of day up to `until`, and when."""
    wanted = (
        select(people.c.id, people.c.pocket_at)
        .select_from(people.join(teams, teams.c.id == people.c.team_id))
        .where(people.c.tenant_id == tenant, teams.c.contract_id == contract_id, people.c.pocket_at <= until)
    )
    return [(row[0], row[1]) for row in connection.execute(wanted.order_by(people.c.id))]


def want_pocket(connection: Connection, person_id: int, at: str | None) -> None:
    """The pocket pack at this time of day, such as `07:00`, or not unasked any more."""
    connection.execute(update(people).where(people.c.id == person_id).values(pocket_at=at))


def remove_tenant(connection: Connection, tenant: int, now: datetime) -> None:
    """The app was uninstalled or its tokens revoked: nothing more is sent until it comes back, and its tokens go."""
    connection.execute(update(tenants).where(tenants.c.id == tenant).values(removed_at=now))
    gone = update(installations).where(installations.c.tenant_id == tenant)
    connection.execute(gone.values(bot_token=None, refresh_token=None, ends_at=None))


def revive_tenant(connection: Connection, tenant: int, since: datetime) -> None:
    """Something was said after the removal, so the app is installed again."""
    gone = (tenants.c.id == tenant) & tenants.c.removed_at.is_not(None) & (tenants.c.removed_at < since)
    connection.execute(update(tenants).where(gone).values(removed_at=None))
