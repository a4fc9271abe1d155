"""Issues: what was raised on site, its clocks, what was promised, and everything that happened to it since.

Every function is told the tenant, and what somebody may see is narrowed by `Sight`. An issue's `revision` goes up with each
change, so that somebody who changes it can be told that it has changed under them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from storage.photos import photos
from storage.store import insert_once
from storage.tables import table
from storage.work_tables import Issue, IssueClock, IssueEvent, Promise

issues, clocks, events, promises = table(Issue), table(IssueClock), table(IssueEvent), table(Promise)
OPEN = ("new", "acknowledged", "with landlord", "in progress", "waiting access", "fixed", "resident told")


@dataclass(frozen=True)
class Sight:
    """Whose issues somebody may see: their own, and those of these contracts (None: of the whole tenant).

    `restricted` says whether restricted categories of others are among them. A `team` narrows it to what that team logged.
    """

    tenant_id: int
    person_id: int
    contracts: frozenset[int] | None = frozenset()
    restricted: bool = False
    team: int | None = None

    def clause(self) -> ColumnElement[bool]:
        """The rows that may be seen."""
        mine = or_(issues.c.person_id == self.person_id, issues.c.owner_id == self.person_id)
        if self.contracts is None:
            wide: ColumnElement[bool] = issues.c.id.is_not(None)
        else:
            wide = issues.c.contract_id.in_(list(self.contracts))
        if not self.restricted:
            wide = and_(wide, issues.c.restricted.is_(False))
        narrowed = () if self.team is None else (issues.c.team_id == self.team,)
        return and_(issues.c.tenant_id == self.tenant_id, or_(mine, wide), *narrowed)


@dataclass(frozen=True)
class IssueRecord:
    """An issue as it stands."""

    id: int
    tenant_id: int
    number: int
    contract_id: int | None
    person_id: int
    owner_id: int | None
    category: str
    priority: str
    place: str | None
    postcode: str | None
    room: str | None
    text: str
    complaint: str
    state: str
    restricted: bool
    merged_into: int | None
    logged_at: datetime
    changed_at: datetime
    due_at: datetime | None
    told_at: datetime | None
    paused_at: datetime | None
    revision: int


COLUMNS: tuple[Any, ...] = tuple(issues.c[name] for name in IssueRecord.__dataclass_fields__)


def as_record(row: Any) -> IssueRecord:
    """A row of `COLUMNS`."""
    return IssueRecord(*row)


def log(connection: Connection, values: dict[str, Any], now: datetime) -> IssueRecord:
    """A new issue under the tenant's next number. `values` are columns of `Issue`."""
    latest = select(func.max(issues.c.number)).where(issues.c.tenant_id == values["tenant_id"])
    number = connection.execute(latest).scalar()
    number = 0 if number is None else number + 1
    row = {**values, "logged_at": now, "changed_at": now, "revision": 1, "state": "new"}
    while (made := insert_once(connection, issues, {**row, "number": number})) is None:
        number += 1  # another process took it
    return as_record(connection.execute(select(*COLUMNS).where(issues.c.id == made)).one())


def find(connection: Connection, sight: Sight, number: int, *, lock: bool = False) -> IssueRecord | None:
    """The issue with this number, if it may be seen."""
    wanted = select(*COLUMNS).where(sight.clause(), issues.c.number == number)
    row = connection.execute(wanted.with_for_update() if lock else wanted).first()
    return as_record(row) if row else None


def by_id(connection: Connection, sight: Sight, identity: int) -> IssueRecord | None:
    """The issue with this row id, if it may be seen."""
    row = connection.execute(select(*COLUMNS).where(sight.clause(), issues.c.id == identity)).first()
    return as_record(row) if row else None


def change(connection: Connection, issue: IssueRecord, values: dict[str, Any], now: datetime) -> IssueRecord:
    """Write changed columns; the revision goes up."""
    row = {**values, "changed_at": now, "revision": issue.revision + 1}
    done = update(issues).where(issues.c.id == issue.id).values(**row).returning(*COLUMNS)
    return as_record(connection.execute(done).one())


def remove(connection: Connection, issue: IssueRecord) -> None:
    """Take an issue away that should never have been; what hangs on it goes too, its photos stay with who sent them."""
    connection.execute(update(photos).where(photos.c.issue_id == issue.id).values(issue_id=None))
    for kept in (clocks, events, promises):
        connection.execute(kept.delete().where(kept.c.issue_id == issue.id))
    connection.execute(issues.delete().where(issues.c.id == issue.id))


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to. Times are compared with when it was logged; `clock` begins the id of a running clock."""

    states: Collection[str] = OPEN
    category: str | None = None
    person_id: int | None = None
    owner_id: int | None = None
    unowned: bool = False
    before: datetime | None = None
    since: datetime | None = None
    due_before: datetime | None = None
    block: str | None = None
    complaint: bool = False
    clock: str | None = None


def _filtered(sight: Sight, wanted: Filter) -> list[ColumnElement[bool]]:
    clauses = [sight.clause(), issues.c.state.in_(list(wanted.states)), issues.c.merged_into.is_(None)]
    if wanted.category:
        clauses.append(issues.c.category == wanted.category)
    if wanted.person_id is not None:
        clauses.append(issues.c.person_id == wanted.person_id)
    if wanted.owner_id is not None:
        clauses.append(issues.c.owner_id == wanted.owner_id)
    if wanted.unowned:
        clauses.append(issues.c.owner_id.is_(None))
    if wanted.before:
        clauses.append(issues.c.logged_at < wanted.before)
    if wanted.since:
        clauses.append(issues.c.logged_at >= wanted.since)
    if wanted.due_before:
        clauses.append(issues.c.due_at < wanted.due_before)
    if wanted.block:
        clauses.append(issues.c.block_key == wanted.block)
    if wanted.complaint:
        clauses.append(issues.c.complaint.in_(("complaint", "offered")))
    if wanted.clock:
        running = select(clocks.c.issue_id).where(clocks.c.issue_id == issues.c.id, clocks.c.met_at.is_(None))
        clauses.append(running.where(clocks.c.clock.startswith(wanted.clock, autoescape=True)).exists())
    return clauses


def listed(connection: Connection, sight: Sight, wanted: Filter, limit: int) -> list[IssueRecord]:
    """Issues that may be seen: the soonest due first."""
    found: Select[Any] = select(*COLUMNS).where(*_filtered(sight, wanted))
    order = (issues.c.due_at.is_(None), issues.c.due_at, issues.c.id.desc())
    return [as_record(row) for row in connection.execute(found.order_by(*order).limit(limit))]


def count(connection: Connection, sight: Sight, wanted: Filter) -> int:
    """How many there are."""
    return int(connection.execute(select(func.count()).select_from(issues).where(*_filtered(sight, wanted))).scalar_one())


def near(
    connection: Connection, tenant_id: int, contract_id: int | None, block: str, since: datetime, limit: int = 50
) -> list[tuple[IssueRecord, str]]:
    """Open issues at the same street or block since then, newest first, each with its unit (the flat's or house's number)."""
    same_contract = issues.c.contract_id == contract_id if contract_id is not None else issues.c.contract_id.is_(None)
    wanted = (
        select(*COLUMNS, issues.c.unit_key)
        .where(
            issues.c.tenant_id == tenant_id, issues.c.block_key == block, same_contract, issues.c.logged_at >= since,
            issues.c.state != "closed", issues.c.merged_into.is_(None),
        )
        .order_by(issues.c.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [(as_record(row[:-1]), row[-1] or "") for row in connection.execute(wanted)]


def start_clocks(connection: Connection, issue: IssueRecord, due: Collection[tuple[str, datetime]], now: datetime) -> None:
    """Start clocks that don't run yet."""
    running = set(connection.execute(select(clocks.c.clock).where(clocks.c.issue_id == issue.id)).scalars())
    rows = [
        {"tenant_id": issue.tenant_id, "issue_id": issue.id, "clock": name, "started_at": now, "due_at": at}
        for name, at in due
        if name not in running
    ]
    if rows:
        connection.execute(insert(clocks), rows)


def drop_clocks(connection: Connection, issue: IssueRecord, names: Collection[str]) -> None:
    """Take clocks away that a correction makes wrong."""
    connection.execute(clocks.delete().where(clocks.c.issue_id == issue.id, clocks.c.clock.in_(list(names))))


def meet_clocks(connection: Connection, issue: IssueRecord, names: Collection[str] | None, now: datetime) -> None:
    """Note that what these clocks ask for has happened; all of them for None."""
    running = (clocks.c.issue_id == issue.id) & clocks.c.met_at.is_(None)
    if names is not None:
        running &= clocks.c.clock.in_(list(names))
    connection.execute(update(clocks).where(running).values(met_at=now))


def running(connection: Connection, issue_ids: Sequence[int]) -> dict[int, list[tuple[str, datetime]]]:
    """The clocks that run, soonest first, by issue."""
    wanted = select(clocks.c.issue_id, clocks.c.clock, clocks.c.due_at).where(
        clocks.c.issue_id.in_(list(issue_ids)), clocks.c.met_at.is_(None)
    )
    found: dict[int, list[tuple[str, datetime]]] = {}
    for issue_id, name, due_at in connection.execute(wanted.order_by(clocks.c.due_at)):
        found.setdefault(issue_id, []).append((name, due_at))
    return found


@dataclass(frozen=True)
class Event:
    """Something that happened to an issue: by whom, when, what. `detail` is what was said, without private parts."""

    person_id: int | None
    at: datetime
    kind: str
    detail: str


def happened(connection: Connection, issue: IssueRecord, person_id: int | None, kind: str, detail: str, now: datetime) -> None:
    """Add to the issue's story."""
    row = {
        "tenant_id": issue.tenant_id,
        "issue_id": issue.id,
        "person_id": person_id,
        "at": now,
        "kind": kind,
        "detail": detail[:280],
    }
    connection.execute(insert(events), row)


def story(connection: Connection, issue: IssueRecord, limit: int = 12) -> list[Event]:
    """The latest of what happened, oldest first."""
    wanted = select(events.c.person_id, events.c.at, events.c.kind, events.c.detail).where(events.c.issue_id == issue.id)
    return [Event(*row) for row in connection.execute(wanted.order_by(events.c.id.desc()).limit(limit))][::-1]


def attach(connection: Connection, issue: IssueRecord, photo_ids: Collection[str], *, after: bool = False) -> int:
    """Hang photos on the issue that its tenant keeps, as taken before the work or after it; how many."""
    mine = photos.c.id.in_(list(photo_ids)) & (photos.c.tenant_id == issue.tenant_id)
    return connection.execute(update(photos).where(mine).values(issue_id=issue.id, after=after)).rowcount


def hand_over_photos(connection: Connection, issue: IssueRecord, other: IssueRecord) -> None:
    """The photos of one issue hang on another from now on, as they were taken."""
    connection.execute(update(photos).where(photos.c.issue_id == issue.id).values(issue_id=other.id))


@dataclass(frozen=True)
class PromiseRecord:
    """What a resident was told, and by when."""

    id: int
    issue_id: int
    number: int
    text: str
    due_at: datetime
    state: str


_PROMISES = select(
    promises.c.id, promises.c.issue_id, issues.c.number, promises.c.text, promises.c.due_at, promises.c.state
).select_from(promises.join(issues, issues.c.id == promises.c.issue_id))


def promise(connection: Connection, issue: IssueRecord, person_id: int, text: str, due_at: datetime) -> int:
    """Keep what was promised; its row id."""
    row = {
        "tenant_id": issue.tenant_id, "issue_id": issue.id, "person_id": person_id, "text": text[:160], "due_at": due_at,
        "state": "open",
    }  # fmt: skip
    return int(connection.execute(insert(promises).returning(promises.c.id), row).scalar_one())


def promised(
    connection: Connection, tenant_id: int, *, person_id: int | None = None, issue_id: int | None = None
) -> list[PromiseRecord]:
    """Open promises of a person or an issue, the soonest first."""
    wanted = _PROMISES.where(promises.c.tenant_id == tenant_id, promises.c.state == "open")
    if person_id is not None:
        wanted = wanted.where(promises.c.person_id == person_id)
    if issue_id is not None:
        wanted = wanted.where(promises.c.issue_id == issue_id)
    return [PromiseRecord(*row) for row in connection.execute(wanted.order_by(promises.c.due_at).limit(20))]


def settle(
    connection: Connection, tenant_id: int, person_id: int, identity: int, state: str, due_at: datetime | None = None
) -> bool:
    """Kept, broken, or moved to another time; False when it isn't the person's or is settled."""
    mine = (promises.c.id == identity) & (promises.c.tenant_id == tenant_id) & (promises.c.person_id == person_id)
    values: dict[str, Any] = {"due_at": due_at} if due_at else {"state": state}
    return connection.execute(update(promises).where(mine, promises.c.state == "open").values(**values)).rowcount == 1
