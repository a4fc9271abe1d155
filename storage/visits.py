"""Visits: one run of a checklist by one person. Answers are kept by item, with their times; an answer may be changed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from storage.people import people, teams
from storage.tables import table
from storage.work_tables import Visit

visits = table(Visit)

OPEN, DONE, STOPPED, EXPIRED = "open", "done", "stopped", "expired"
TOO_FAST = timedelta(seconds=2)


@dataclass(frozen=True)
class VisitRecord:
    """A visit. `items` is what was asked; `answers` is `{item: [answer, time, reason]}`, answered yes, no, na or skip."""

    id: int
    tenant_id: int
    person_id: int
    checklist: str
    version: str
    items: tuple[str, ...]
    answers: dict[str, list[str]]
    place: str | None
    state: str
    started_at: datetime
    finished_at: datetime | None


_COLUMNS: tuple[Any, ...] = (
    visits.c.id, visits.c.tenant_id, visits.c.person_id, visits.c.checklist, visits.c.version, visits.c["items"],
    visits.c.answers,    visits.c.place, visits.c.state, visits.c.started_at, visits.c.finished_at,
)  # fmt: skip


def _record(row: Any) -> VisitRecord:
    return VisitRecord(**{**row._mapping, "items": tuple(row._mapping["items"])})


def start(
    connection: Connection,
    *,
    tenant_id: int,
    person_id: int,
    checklist: str,
    version: str,
    items: Collection[str],
    versions: dict[str, str],
    place: str | None,
    now: datetime,
) -> VisitRecord:
    """Begin a visit. `versions` are those of the standards that its items name, as they read that day."""
    team = connection.execute(select(people.c.team_id).where(people.c.id == person_id)).scalar()
    row = {
        "tenant_id": tenant_id, "person_id": person_id, "team_id": team, "checklist": checklist, "version": version,
        "items": list(items), "answers": {}, "versions": versions, "place": place, "state": OPEN, "started_at": now,
    }  # fmt: skip
    made = connection.execute(insert(visits).returning(visits.c.id), row).scalar_one()
    found = find(connection, tenant_id, person_id, int(made))
    assert found is not None
    return found


def find(connection: Connection, tenant_id: int, person_id: int, identity: int) -> VisitRecord | None:
    """The person's own visit, locked until the transaction ends: two devices may answer at once."""
    mine = (visits.c.id == identity) & (visits.c.tenant_id == tenant_id) & (visits.c.person_id == person_id)
    row = connection.execute(select(*_COLUMNS).where(mine).with_for_update()).first()
    return _record(row) if row else None


def latest(
    connection: Connection, tenant_id: int, person_id: int, *, state: str | None = None, checklist: str | None = None
) -> VisitRecord | None:
    """The person's newest visit, of a state or a checklist if one is named."""
    wanted = select(*_COLUMNS).where(visits.c.tenant_id == tenant_id, visits.c.person_id == person_id)
    if state:
        wanted = wanted.where(visits.c.state == state)
    if checklist:
        wanted = wanted.where(visits.c.checklist == checklist)
    row = connection.execute(wanted.order_by(visits.c.id.desc()).limit(1)).first()
    return _record(row) if row else None


def answered(connection: Connection, visit: VisitRecord, answers: dict[str, list[str]]) -> None:
    """Write the answers whole."""
    connection.execute(update(visits).where(visits.c.id == visit.id).values(answers=answers))


def placed(connection: Connection, visit: VisitRecord, place: str) -> None:
    """Say where it was."""
    connection.execute(update(visits).where(visits.c.id == visit.id).values(place=place[:120]))


def end(connection: Connection, visit: VisitRecord, state: str, now: datetime) -> None:
    """Close it as done, stopped or expired."""
    connection.execute(update(visits).where(visits.c.id == visit.id).values(state=state, finished_at=now))


def reopen(connection: Connection, visit: VisitRecord) -> None:
    """An answer of a finished visit is changed."""
    connection.execute(update(visits).where(visits.c.id == visit.id).values(state=OPEN, finished_at=None))


def expire(connection: Connection, before: datetime, now: datetime) -> int:
    """Close every visit that was begun before then and never finished; how many."""
    old = (visits.c.state == OPEN) & (visits.c.started_at < before)
    return connection.execute(update(visits).where(old).values(state=EXPIRED, finished_at=now)).rowcount


def places(connection: Connection, tenant_id: int, person_id: int, limit: int = 3) -> list[str]:
    """Where the person's latest visits were, newest first."""
    mine = (visits.c.tenant_id == tenant_id) & (visits.c.person_id == person_id) & visits.c.place.is_not(None)
    found = connection.execute(select(visits.c.place).where(mine).order_by(visits.c.id.desc()).limit(20)).scalars()
    return list(dict.fromkeys(found))[:limit]


@dataclass(frozen=True)
class Rates:
    """What a group of visits shows, never whose: counts of visits by how they ended, and of answers by item."""

    visits: int
    done: int
    too_fast: int
    by_team: dict[str, tuple[int, int]]
    by_item: dict[tuple[str, str], dict[str, int]]


_RATED: tuple[Any, ...] = (
    visits.c.checklist, visits.c.answers, visits.c.state, visits.c.started_at, visits.c.finished_at, teams.c.name,
)  # fmt: skip


def _of_contracts(tenant_id: int, contract_ids: Collection[int] | None, since: datetime, *columns: Any) -> Select[Any]:
    wanted = (
        select(*columns)
        .select_from(visits.outerjoin(teams, teams.c.id == visits.c.team_id))
        .where(visits.c.tenant_id == tenant_id, visits.c.started_at >= since)
    )
    return wanted if contract_ids is None else wanted.where(teams.c.contract_id.in_(list(contract_ids)))


def who_skipped(
    connection: Connection, tenant_id: int, contract_ids: Collection[int] | None, item: str, since: datetime
) -> list[int]:
    """Who answered "no" to an item since then, or skipped it."""
    rows = connection.execute(_of_contracts(tenant_id, contract_ids, since, visits.c.person_id, visits.c.answers))
    return sorted({row.person_id for row in rows if row.answers.get(item, [""])[0] in ("no", "skip")})


def who_did(
    connection: Connection, tenant_id: int, contract_ids: Collection[int] | None, checklist: str, since: datetime
) -> list[int]:
    """Who made a check of this kind since then."""
    wanted = _of_contracts(tenant_id, contract_ids, since, visits.c.person_id).where(visits.c.checklist == checklist)
    return sorted(set(connection.execute(wanted).scalars()))


def whereabouts(
    connection: Connection, tenant_id: int, contract_ids: Collection[int] | None, since: datetime
) -> list[tuple[int, str]]:
    """Who made checks since then, and where."""
    wanted = _of_contracts(tenant_id, contract_ids, since, visits.c.person_id, visits.c.place).where(
        visits.c.place.is_not(None)
    )
    return [(row[0], row[1]) for row in connection.execute(wanted)]


def rates(
    connection: Connection, tenant_id: int, contract_ids: Collection[int] | None, since: datetime, until: datetime | None = None
) -> Rates:
    """Completion and answers since then and before `until`, by team and item; with `contract_ids`, of teams on these alone."""
    wanted = (
        select(*_RATED)
        .select_from(visits.outerjoin(teams, teams.c.id == visits.c.team_id))
        .where(visits.c.tenant_id == tenant_id, visits.c.started_at >= since)
    )
    if until is not None:
        wanted = wanted.where(visits.c.started_at < until)
    if contract_ids is not None:
        wanted = wanted.where(teams.c.contract_id.in_(list(contract_ids)))
    total = done = fast = 0
    by_team: dict[str, tuple[int, int]] = {}
    by_item: dict[tuple[str, str], dict[str, int]] = {}
    for row in connection.execute(wanted):
        finished = row.state == DONE
        total, done = total + 1, done + finished
        fast += bool(finished and row.finished_at and row.finished_at - row.started_at < TOO_FAST)
        begun, ended = by_team.get(row.name or "", (0, 0))
        by_team[row.name or ""] = (begun + 1, ended + finished)
        for item, answer in row.answers.items():
            counts = by_item.setdefault((row.checklist, item), {})
            counts[answer[0]] = counts.get(answer[0], 0) + 1
    return Rates(total, done, fast, by_team, by_item)


@dataclass(frozen=True)
class Given:
    """One answer to one item. Whose it was is for counting people once, and is shown to nobody."""

    person_id: int
    at: datetime
    checklist: str
    item: str
    answer: str


def answers(connection: Connection, tenant_id: int, since: datetime, until: datetime) -> Iterator[Given]:
    """Every answer of visits that began in between."""
    columns = (visits.c.person_id, visits.c.started_at, visits.c.checklist, visits.c.answers)
    wanted = select(*columns).where(visits.c.tenant_id == tenant_id, visits.c.started_at >= since, visits.c.started_at <= until)
    for row in connection.execute(wanted):
        for item, answer in row.answers.items():
            yield Given(row.person_id, row.started_at, row.checklist, item, answer[0])
