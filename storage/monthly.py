"""A contract's month in few queries: what was logged and became of it. Counts only, but for what was said and done about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.issues import OPEN, clocks, events, issues
from storage.photos import photos
from storage.tips import receipts, tips


@dataclass(frozen=True)
class Span:
    """Whose month, and from when until when (the end isn't in it)."""

    tenant_id: int
    contract_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Outcome:
    """An issue that was fixed in the span: when it was due, when it was fixed, and when the resident was told."""

    category: str
    due_at: datetime | None
    fixed_at: datetime
    told_at: datetime | None


@dataclass(frozen=True)
class ClockCount:
    """Clocks of a kind that ended, or should have ended, in the span."""

    clock: str
    in_time: int
    late: int


def _mine(span: Span) -> tuple[Any, ...]:
    return (issues.c.tenant_id == span.tenant_id, issues.c.contract_id == span.contract_id, issues.c.merged_into.is_(None))


def logged(connection: Connection, span: Span) -> dict[str, int]:
    """How many were logged, by category."""
    within = (issues.c.logged_at >= span.since) & (issues.c.logged_at < span.until)
    rows = connection.execute(select(issues.c.category, func.count()).where(*_mine(span), within).group_by(issues.c.category))
    return {row[0]: int(row[1]) for row in rows}


def logged_at(connection: Connection, span: Span) -> list[datetime]:
    """When each was logged."""
    within = (issues.c.logged_at >= span.since) & (issues.c.logged_at < span.until)
    return list(connection.execute(select(issues.c.logged_at).where(*_mine(span), within)).scalars())


def fixed(connection: Connection, span: Span) -> list[Outcome]:
    """Every issue that was first fixed in the span."""
    first = (
        select(events.c.issue_id, func.min(events.c.at).label("at"))
        .where(events.c.kind == "state", events.c.detail == "fixed", events.c.tenant_id == span.tenant_id)
        .group_by(events.c.issue_id)
        .subquery()
    )
    wanted: Select[Any] = (
        select(issues.c.category, issues.c.due_at, first.c.at, issues.c.told_at)
        .join_from(issues, first, first.c.issue_id == issues.c.id)
        .where(*_mine(span), first.c.at >= span.since, first.c.at < span.until)
    )
    return [Outcome(*row) for row in connection.execute(wanted)]


def standing(connection: Connection, span: Span) -> dict[str, int]:
    """What is open now, by category, of what was logged before the span's end."""
    wanted = select(issues.c.category, func.count()).where(
        *_mine(span), issues.c.state.in_(OPEN), issues.c.logged_at < span.until
    )
    return {row[0]: int(row[1]) for row in connection.execute(wanted.group_by(issues.c.category))}


def complaints(connection: Connection, span: Span) -> int:
    """How many residents chose to complain."""
    within = (issues.c.logged_at >= span.since) & (issues.c.logged_at < span.until)
    return int(
        connection.execute(select(func.count()).where(*_mine(span), within, issues.c.complaint == "complaint")).scalar_one()
    )


def clocks_ended(connection: Connection, span: Span, now: datetime) -> list[ClockCount]:
    """Clocks whose end fell into the span: met by then, or not."""
    ended = (clocks.c.due_at >= span.since) & (clocks.c.due_at < min(span.until, now))
    wanted = (
        select(clocks.c.clock, clocks.c.due_at, clocks.c.met_at)
        .join_from(clocks, issues, issues.c.id == clocks.c.issue_id)
        .where(*_mine(span), ended)
    )
    found: dict[str, list[int]] = {}
    for row in connection.execute(wanted):
        kept = found.setdefault(row.clock, [0, 0])
        kept[0 if row.met_at is not None and row.met_at <= row.due_at else 1] += 1
    return [ClockCount(name, *counts) for name, counts in sorted(found.items())]


def no_access(connection: Connection, span: Span, category: str) -> tuple[int, int]:
    """Visits without access, and how many of them have a photo to show for it."""
    within = (issues.c.logged_at >= span.since) & (issues.c.logged_at < span.until) & (issues.c.category == category)
    shown = select(photos.c.issue_id).where(photos.c.issue_id == issues.c.id).exists()
    every = connection.execute(select(func.count()).where(*_mine(span), within)).scalar_one()
    return int(every), int(connection.execute(select(func.count()).where(*_mine(span), within, shown)).scalar_one())


def said_and_did(connection: Connection, span: Span, limit: int) -> list[tuple[str, str, str]]:
    """What was raised and closed in the span, with the last thing that somebody wrote on it: category, said, did."""
    written = select(func.max(events.c.id).label("id")).where(events.c.kind == "comment", events.c.tenant_id == span.tenant_id)
    last = written.group_by(events.c.issue_id).subquery()
    wanted = (
        select(issues.c.category, issues.c.text, events.c.detail)
        .join_from(issues, events, events.c.issue_id == issues.c.id)
        .join(last, last.c.id == events.c.id)
        .where(*_mine(span), issues.c.restricted.is_(False), issues.c.state == "closed")
        .where(issues.c.changed_at >= span.since, issues.c.changed_at < span.until)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(wanted.order_by(issues.c.id.desc()).limit(limit))]


@dataclass(frozen=True)
class TipCount:
    """A tip that went out in the span, and how it landed."""

    id: int
    standard: str
    text: str
    due_at: datetime
    audience: dict[str, Any]
    sent: int
    answered: int
    right_first: int
    not_reached: int


def tips_sent(connection: Connection, span: Span) -> list[TipCount]:
    """Tips of the contract that went out, the earliest first."""
    own = (tips.c.contract_id == span.contract_id) | tips.c.contract_id.is_(None)
    wanted = select(tips).where(tips.c.tenant_id == span.tenant_id, own, tips.c.state.in_(("sent", "sending")))
    found = []
    for tip in connection.execute(
        wanted.where(tips.c.due_at >= span.since, tips.c.due_at < span.until).order_by(tips.c.due_at)
    ):
        rows = connection.execute(
            select(receipts.c.state, receipts.c.right_first, func.count())
            .where(receipts.c.tip_id == tip.id)
            .group_by(receipts.c.state, receipts.c.right_first)
        ).all()
        by_state = {state: sum(int(row[2]) for row in rows if row[0] == state) for state in ("sent", "answered", "not reached")}
        right = sum(int(row[2]) for row in rows if row[1])
        found.append(
            TipCount(
                tip.id,
                tip.standard,
                tip.text,
                tip.due_at,
                tip.audience,
                by_state["sent"] + by_state["answered"],
                by_state["answered"],
                right,
                by_state["not reached"],
            )
        )
    return found
