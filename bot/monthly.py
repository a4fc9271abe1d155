"""A contract's month: each figure with its definition, what was said and done, and nobody's name.

These are the contractor's own figures. Tenant satisfaction measures are the landlord's: nothing here is one.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bot.phrases import Phrases
from content import Pack
from storage import monthly, visits
from storage.monthly import Outcome, Span
from storage.people import ContractRecord
from storage.store import Connection

NO_ACCESS, DAMP = "AC-NOACC", "HZ-DAMP"
SHOWN = 12


@dataclass(frozen=True)
class Figure:
    """A figure, and what exactly it counts."""

    name: str
    value: str
    definition: str


@dataclass(frozen=True)
class Month:
    """Everything that a month's pack shows."""

    contract: str
    landlord: str
    label: str
    figures: tuple[Figure, ...]
    by_kind: tuple[tuple[str, int], ...]
    by_week: tuple[tuple[str, int], ...]
    items: tuple[tuple[str, int, int], ...]
    tips: tuple[tuple[str, int, int, int], ...]
    said: tuple[tuple[str, str, str], ...]


def span_of(tenant_id: int, contract: ContractRecord, first: date, months: int = 1) -> Span:
    """A calendar month in the contract's own time."""
    zone = ZoneInfo(contract.timezone)
    ends = first.year * 12 + first.month - 1 + months
    until = datetime(ends // 12, ends % 12 + 1, 1, tzinfo=zone)
    return Span(tenant_id, contract.id, datetime(first.year, first.month, 1, tzinfo=zone), until)


def month_of(connection: Connection, pack: Pack, say: Phrases, contract: ContractRecord, span: Span, now: datetime) -> Month:
    """Count a month."""
    names = {one.code: one.name for one in pack.categories}
    logged = monthly.logged(connection, span)
    asked = {(one.id, item.id): item.ask for one in pack.checklists for item in one.items}
    rates = visits.rates(connection, span.tenant_id, {span.contract_id}, span.since, span.until)
    items = [
        (asked[key], answers.get("yes", 0), answers.get("no", 0) + answers.get("skip", 0))
        for key, answers in rates.by_item.items()
        if key in asked
    ]
    zone = ZoneInfo(contract.timezone)
    weeks = Counter(_monday(moment.astimezone(zone).date()) for moment in monthly.logged_at(connection, span))
    return Month(
        contract.name,
        contract.landlord,
        f"{span.since:%B %Y}",
        tuple(_figures(connection, pack, say, span, now, logged, rates)),
        tuple((names.get(code, code), count) for code, count in sorted(logged.items(), key=lambda one: -one[1])[:SHOWN]),
        tuple((f"{week:%d %b}", count) for week, count in sorted(weeks.items())),
        tuple(sorted(items, key=lambda one: -one[2])[:SHOWN]),
        tuple(
            (one.standard or one.text[:40], one.sent, one.answered, one.right_first)
            for one in monthly.tips_sent(connection, span)
        ),
        tuple((names.get(code, code), said, did) for code, said, did in monthly.said_and_did(connection, span, SHOWN)),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _figures(
    connection: Connection, pack: Pack, say: Phrases, span: Span, now: datetime, logged: dict[str, int], rates: visits.Rates
) -> list[Figure]:
    fixed, standing = monthly.fixed(connection, span), monthly.standing(connection, span)
    attempts, shown = monthly.no_access(connection, span, NO_ACCESS)
    told = [one for one in fixed if one.told_at]
    hours = [(one.told_at - one.fixed_at).total_seconds() / 3600 for one in told if one.told_at and one.told_at >= one.fixed_at]
    due = [one for one in fixed if one.due_at]
    clocks = {one.id: one.name for one in pack.clocks}
    found = [
        Figure(say("month.logged"), str(sum(logged.values())), say("month.logged_what")),
        Figure(say("month.in_time"), _share(sum(map(_in_time, due)), len(due)), say("month.in_time_what")),
        Figure(say("month.told"), _share(len(told), len(fixed)), say("month.told_what")),
        Figure(say("month.told_hours"), f"{median(hours):.0f} h" if hours else "–", say("month.told_hours_what")),
        Figure(say("month.no_access"), say("month.no_access_value", count=attempts, shown=shown), say("month.no_access_what")),
        Figure(say("month.recalls"), str(logged.get("RP-RECALL", 0)), say("month.recalls_what")),
        Figure(say("month.follow_ons"), str(standing.get("RP-FOLLOW", 0)), say("month.follow_ons_what")),
        Figure(say("month.complaints"), str(monthly.complaints(connection, span)), say("month.complaints_what")),
        Figure(say("month.compliments"), str(logged.get("SV-COMP", 0)), say("month.compliments_what")),
        Figure(say("month.damp"), f"{logged.get(DAMP, 0)} / {standing.get(DAMP, 0)}", say("month.damp_what")),
        Figure(say("month.near"), str(logged.get("HS-NEAR", 0) + logged.get("HS-INC", 0)), say("month.near_what")),
        Figure(say("month.safeguarding"), str(logged.get("SG-REF", 0)), say("month.safeguarding_what")),
        Figure(say("month.visits"), _share(rates.done, rates.visits), say("month.visits_what")),
    ]
    found += [
        Figure(
            say("month.clock", name=clocks.get(one.clock, one.clock)),
            _share(one.in_time, one.in_time + one.late),
            say("month.clock_what"),
        )
        for one in monthly.clocks_ended(connection, span, now)
    ]
    return found


def _in_time(one: Outcome) -> bool:
    return one.due_at is not None and one.fixed_at <= one.due_at


def _share(some: int, every: int) -> str:
    return f"{some} of {every} ({some / every:.0%})" if every else "0 of 0"
