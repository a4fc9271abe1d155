"""The figures behind a supervisor's daily picture: open issues counted in few queries, each on an index."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from storage.issues import COLUMNS, OPEN, IssueRecord, Sight, as_record, clocks, issues, promises


@dataclass(frozen=True)
class Running:
    """An open issue with the clock that ends next."""

    issue: IssueRecord
    clock: str
    due_at: datetime


def pressing(connection: Connection, sight: Sight, before: datetime, limit: int) -> list[Running]:
    """Open issues whose next clock, or whose contract time, ends before then: the soonest first, one line an issue."""
    seen: dict[int, Running] = {}
    by_clock = (
        select(*COLUMNS, clocks.c.clock, clocks.c.due_at)
        .select_from(clocks.join(issues, issues.c.id == clocks.c.issue_id))
        .where(
            sight.clause(), issues.c.state.in_(OPEN), issues.c.merged_into.is_(None), clocks.c.tenant_id == sight.tenant_id,
            clocks.c.met_at.is_(None), clocks.c.due_at < before,
        )
        .order_by(clocks.c.due_at)
        .limit(limit)
    )  # fmt: skip
    by_contract = (
        select(*COLUMNS)
        .where(
            sight.clause(), issues.c.state.in_(("new", "acknowledged", "with landlord", "in progress", "waiting access")),
            issues.c.merged_into.is_(None), issues.c.due_at < before,
        )
        .order_by(issues.c.due_at)
        .limit(limit)
    )  # fmt: skip
    for row in connection.execute(by_clock):
        seen.setdefault(row[0], Running(as_record(row[:-2]), row[-2], row[-1]))
    for row in connection.execute(by_contract):
        issue = as_record(row)
        if issue.due_at is not None:
            seen.setdefault(issue.id, Running(issue, "", issue.due_at))
    return sorted(seen.values(), key=lambda one: one.due_at)[:limit]


@dataclass(frozen=True)
class Counts:
    """How many are open, by category; how many residents wait to be told; complaints to choose or to pass on.

    `came` is what was logged since a time, by category, however it stands now; `closed` is what was closed since then.
    """

    open: dict[str, int]
    untold: int
    complaints: int
    offered: int
    came: dict[str, int]
    closed: int


def counts(connection: Connection, sight: Sight, since: datetime) -> Counts:
    """The day's figures."""
    live = (sight.clause(), issues.c.state.in_(OPEN), issues.c.merged_into.is_(None))
    open_ = select(
        issues.c.category,
        func.count(),
        func.sum(case((issues.c.state == "fixed", 1), else_=0)),
        func.sum(case(((issues.c.complaint == "complaint") & (issues.c.state == "new"), 1), else_=0)),
        func.sum(case((issues.c.complaint == "offered", 1), else_=0)),
    ).where(*live)
    rows = connection.execute(open_.group_by(issues.c.category)).all()
    came = select(issues.c.category, func.count()).where(*_not_merged(sight), issues.c.logged_at >= since)
    closed = select(func.count()).where(*_not_merged(sight), issues.c.state == "closed", issues.c.changed_at >= since)
    return Counts(
        {row[0]: int(row[1]) for row in rows},
        sum(int(row[2]) for row in rows),
        sum(int(row[3]) for row in rows),
        sum(int(row[4]) for row in rows),
        {row[0]: int(row[1]) for row in connection.execute(came.group_by(issues.c.category))},
        int(connection.execute(closed).scalar_one()),
    )


def _not_merged(sight: Sight) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return sight.clause(), issues.c.merged_into.is_(None)


def stages(connection: Connection, sight: Sight, prefix: str) -> dict[str, tuple[int, datetime]]:
    """Of the running clocks whose ids begin so: how many open issues each is on, and when the first of them ends."""
    wanted = (
        select(clocks.c.clock, func.count(), func.min(clocks.c.due_at))
        .select_from(clocks.join(issues, issues.c.id == clocks.c.issue_id))
        .where(sight.clause(), issues.c.state.in_(OPEN), issues.c.merged_into.is_(None), clocks.c.met_at.is_(None))
        .where(clocks.c.tenant_id == sight.tenant_id, clocks.c.clock.startswith(prefix, autoescape=True))
    )
    return {row[0]: (int(row[1]), row[2]) for row in connection.execute(wanted.group_by(clocks.c.clock))}


def by_day(connection: Connection, sight: Sight, edges: Sequence[datetime]) -> list[tuple[int, int]]:
    """How many were logged and how many closed between each moment and the next: one pair less than there are edges."""
    days = list(pairwise(edges))

    def within(column: ColumnElement[datetime]) -> list[Any]:
        return [func.sum(case(((column >= start) & (column < end), 1), else_=0)) for start, end in days]

    came = select(*within(issues.c.logged_at)).where(*_not_merged(sight), issues.c.logged_at >= edges[0])
    gone = select(*within(issues.c.changed_at)).where(
        *_not_merged(sight), issues.c.state == "closed", issues.c.changed_at >= edges[0]
    )
    columns = (connection.execute(one).one() for one in (came, gone))
    return [(int(a or 0), int(b or 0)) for a, b in zip(*columns, strict=True)]


def promises_due(connection: Connection, tenant_id: int, before: datetime, after: datetime, limit: int = 200) -> list[Any]:
    """Open promises due between two times, of the whole tenant: (id, person, issue number, text, due)."""
    wanted = (
        select(promises.c.id, promises.c.person_id, issues.c.number, promises.c.text, promises.c.due_at)
        .select_from(promises.join(issues, issues.c.id == promises.c.issue_id))
        .where(
            promises.c.tenant_id == tenant_id,
            promises.c.state == "open",
            promises.c.due_at < before,
            promises.c.due_at >= after,
        )
        .order_by(promises.c.due_at)
        .limit(limit)
    )
    return list(connection.execute(wanted).all())


def stale(
    connection: Connection, tenant_id: int, contract_id: int, before: Mapping[str, datetime], limit: int
) -> list[IssueRecord]:
    """Issues that have stood in a state since before that state's moment, and aren't paused; the oldest first."""
    stands = [(issues.c.state == state) & (issues.c.changed_at < moment) for state, moment in before.items()]
    wanted = (
        select(*COLUMNS)
        .where(issues.c.tenant_id == tenant_id, issues.c.contract_id == contract_id, or_(*stands))
        .where(issues.c.merged_into.is_(None), issues.c.paused_at.is_(None))
    )
    return [as_record(row) for row in connection.execute(wanted.order_by(issues.c.changed_at).limit(limit))]


def safeguarding(connection: Connection, tenant_id: int, contract_ids: Collection[int] | None, since: datetime) -> int:
    """How many phone references were noted since then: a number, and nothing else."""
    wanted = (
        select(func.count())
        .select_from(issues)
        .where(issues.c.tenant_id == tenant_id, issues.c.category == "SG-REF", issues.c.logged_at >= since)
    )
    if contract_ids is not None:
        wanted = wanted.where(issues.c.contract_id.in_(list(contract_ids)))
    return int(connection.execute(wanted).scalar_one())
