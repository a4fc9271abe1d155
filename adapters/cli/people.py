"""`doorstep people` and `doorstep contracts`: what an operator sets up from files, and gets back as files.

The CSV has one line a person: platform, tenant, person (the platform's own ids), contract, team, roles (with spaces between).
An import changes all or nothing, and every change is in the audit.
"""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import yaml
from pydantic import ValidationError

from adapters.cli.database import number_of, opened
from adapters.errors import SettingsError
from bot.contract import ContractsFile
from bot.permissions import ROLES
from storage import people, roster
from storage.store import Connection

FIELDS = ("platform", "tenant", "person", "contract", "team", "roles")


class BadFile(SettingsError):
    """A file can't be used; the message names the line."""


def show() -> int:
    """Tenants, and in each the people by their codes."""

    def lines(connection: Connection) -> list[str]:
        found = []
        for tenant in roster.every_tenant(connection):
            found.append(f"{tenant.platform}:{tenant.external_id}\t{tenant.people} people")
            for one in roster.members(connection, tenant.id):
                found.append(f"  P{one.id}\t{', '.join(one.roles)}\t{one.contract or '-'}\t{one.team or '-'}")
        return found

    with opened() as store:
        found = store.transact(lines)
    print("\n".join(found) or "Nobody has written to the bot yet.")
    return 0


def change(code: str, role: str, *, give: bool) -> int:
    """`doorstep people grant P27 admin`, `doorstep people revoke P27 admin`."""
    number = number_of(code, "people")
    if number is None:
        return 2
    now = datetime.now(UTC)

    def work(connection: Connection) -> bool:
        act = roster.grant if give else roster.revoke
        return any(act(connection, tenant.id, number, role, None, now) for tenant in roster.every_tenant(connection))

    with opened() as store:
        done = store.transact(work)
    if not done:
        print(f"doorstep people: nobody has the code P{number}.")
        return 1
    print(f"P{number} {'is now' if give else 'is no longer'} {role}.")
    return 0


def export(out: TextIO) -> int:
    """Everybody, as a CSV that `import` reads."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)

    def rows(connection: Connection) -> list[tuple[str, ...]]:
        return [
            (tenant.platform, tenant.external_id, one.external_id, one.contract or "", one.team or "", " ".join(one.roles))
            for tenant in roster.every_tenant(connection)
            for one in roster.members(connection, tenant.id)
        ]

    with opened() as store:
        writer.writerows(store.transact(rows))
    return 0


def bring_in(path: Path) -> int:
    """Read a CSV of people: all of it, or nothing and a line that says what is wrong."""
    now = datetime.now(UTC)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in FIELDS if name not in (reader.fieldnames or ())]
        if missing:
            raise BadFile(f"{path}: the first line lacks {', '.join(missing)}")
        rows = list(enumerate(reader, 2))

    def work(connection: Connection) -> int:
        for number, row in rows:
            _person(connection, {name: (row[name] or "").strip() for name in FIELDS}, f"{path}, line {number}", now)
        return len(rows)

    with opened() as store:
        count = store.transact(work)
    print(f"{count} people brought in.")
    return 0


def _person(connection: Connection, row: dict[str, str], where: str, now: datetime) -> None:
    wanted = set(row["roles"].lower().split()) or {"operative"}
    if unknown := wanted - set(ROLES):
        raise BadFile(f"{where}: no such role: {', '.join(sorted(unknown))}")
    if row["platform"] not in ("slack", "teams", "web", "terminal") or not row["tenant"] or not row["person"]:
        raise BadFile(f"{where}: platform, tenant and person must be given")
    tenant = people.tenant_id(connection, row["platform"], row["tenant"], now)
    place = people.place(connection, tenant, f"dm:{row['person']}", row["person"], now)
    held = next(one for one in roster.members(connection, tenant) if one.id == place.person_id).roles
    for role in wanted - set(held):
        roster.grant(connection, tenant, place.person_id, role, None, now)
    for role in set(held) - wanted:
        roster.revoke(connection, tenant, place.person_id, role, None, now)
    if row["team"]:
        teams = [
            one for one in roster.every_team(connection, tenant) if (one.contract, one.name) == (row["contract"], row["team"])
        ]
        if not teams:
            raise BadFile(f"{where}: no team {row['team']} on contract {row['contract']}; see doorstep contracts apply")
        roster.join(connection, tenant, place.person_id, teams[0].id, None, now)


def apply(path: Path) -> int:
    """Make or change a tenant's contracts and teams as a YAML file says."""
    try:
        wanted = ContractsFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadFile(f"{path}: not YAML: {str(error).splitlines()[0]}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadFile(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
    now = datetime.now(UTC)
    platform, _, external = wanted.tenant.partition(":")

    def work(connection: Connection) -> int:
        tenant = people.tenant_id(connection, platform, external, now)
        for contract in wanted.contracts:
            made = roster.put_contract(connection, tenant, contract.name, contract.columns(), contract.settings(), now)
            for team in contract.teams:
                roster.put_team(connection, tenant, made, team.name, team.channel)
        return sum(len(contract.teams) for contract in wanted.contracts)

    with opened() as store:
        teams = store.transact(work)
    print(f"{len(wanted.contracts)} contracts and {teams} teams are as the file says.")
    return 0


def stdout_or(path: Path | None) -> TextIO:
    """Where an export goes."""
    return path.open("w", encoding="utf-8", newline="") if path else sys.stdout
