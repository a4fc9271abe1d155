"""The daily picture: what needs a supervisor, in seven lines at most, the costliest wait first, each a tap away.

The order is that of what waiting costs: clocks that end, Awaab's Law by stage, unhappy residents and those not told, no access
and what comes back; then safety, what went well, and what nobody could answer. Safeguarding is a number. Nobody is named or
ranked.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.permissions import may, reach, sight
from bot.references import reference
from bot.reply import Block, Button, Card, label
from bot.skills.issue_card import category_of, when
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from storage import picture, questions, roster, visits
from storage.issues import Sight
from storage.picture import Counts, Running
from storage.roster import TeamRecord

LINES, PRESSING, FEWEST = 7, 3, 2
SPANS = {"today": 1, "yesterday": 2, "week": 7, "month": 31}
AWAAB = "awaab-"
_ASKED = re.compile(r"(?i)\b(?:summary|picture|round ?up|overview)\b")
AGAIN, NEAR = ("RP-RECALL", "RP-FOLLOW"), ("HS-NEAR", "HS-INC")


@dataclass(frozen=True)
class Span:
    """What the picture covers: the moments at which its days begin, now, and the team it is narrowed to."""

    edges: tuple[datetime, ...]
    team: TeamRecord | None

    @property
    def since(self) -> datetime:
        """When the first day begins."""
        return self.edges[0]

    @property
    def days(self) -> int:
        """How many days, today's among them."""
        return len(self.edges) - 1


@dataclass(frozen=True)
class Line:
    """A line of the picture, and what can be done about it."""

    text: str
    buttons: tuple[Button, ...] = ()


def summary(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`summary`, `summary week`, `summary gas`: what came in, what waits, what needs doing now."""
    if not may(desk.person.roles, "see summaries"):
        return refused(desk, "see summaries")
    span = _span(desk, args)
    seen = replace(sight(desk.person), team=span.team.id if span.team else None)
    counted = picture.counts(desk.records, seen, span.since)
    lines = _lines(desk, seen, span, counted)
    blocks: list[Block] = []
    if lines:
        blocks.append(Block("points", items=tuple(line.text for line in lines)))
    else:
        blocks.append(Block("say", desk.say("summary.nothing")))
    blocks.append(Block("note", _checks(desk, span, reach(desk.person).contracts)))
    if span.days > SPANS["yesterday"] and (counted.came or counted.closed):
        blocks.append(_chart(desk, seen, span))
    buttons = (
        *(button for line in lines for button in line.buttons),
        desk.button("all_open", "issues open"),
        *_ways(desk, span),
    )
    card = Card(_title(desk, span, counted), tuple(blocks), buttons, desk.say("summary.footer"))
    named = span.team.name.lower().split() if span.team else []
    return Answer(card, at=" ".join(("summary", *(name for name, days in SPANS.items() if days == span.days > 1), *named)))


def names_team(desk: Desk, text: str) -> bool:
    """Whether a line asks for the picture of one team."""
    return bool(_ASKED.search(text)) and _span(desk, tuple(text.split())).team is not None


def for_channel(desk: Desk) -> Card:
    """The day's picture for everybody in a channel: no restricted category, no safeguarding, and nothing to tap."""
    span = _span(desk, ())
    own = frozenset({desk.person.contract.id}) if desk.person.contract else frozenset[int]()  # whatever else the person may see
    seen = Sight(desk.person.tenant_id, 0, own)
    counted = picture.counts(desk.records, seen, span.since)
    lines = [line.text for line in _lines(desk, seen, span, counted, open_to_all=True)]
    body = Block("points", items=tuple(lines)) if lines else Block("say", desk.say("summary.nothing"))
    return Card(
        _title(desk, span, counted), (body, Block("note", _checks(desk, span, own))), (), desk.say("summary.channel_footer")
    )


def _span(desk: Desk, args: tuple[str, ...]) -> Span:
    """The span and the team that the words name; today and all teams where they name none."""
    words = {word.lower() for word in args}
    days = next((days for name, days in SPANS.items() if name in words), 1)
    zone = ZoneInfo(desk.person.contract.timezone if desk.person.contract else desk.person.timezone)
    local = desk.now.astimezone(zone)
    starts = (local.date() - timedelta(days=days - 1 - number) for number in range(days))
    edges = (*(datetime(day.year, day.month, day.day, tzinfo=zone) for day in starts), desk.now)
    teams = roster.every_team(desk.records, desk.person.tenant_id) if words - set(SPANS) else []
    allowed = reach(desk.person).contracts
    named = (one for one in teams if set(one.name.lower().split()) <= words and (allowed is None or one.contract_id in allowed))
    return Span(edges, next(named, None))


def _title(desk: Desk, span: Span, counted: Counts) -> str:
    zone = span.since.tzinfo
    day, first = f"{desk.now.astimezone(zone):%a %d %b}", f"{span.since:%a %d %b}"
    came, open_ = sum(counted.came.values()), sum(counted.open.values())
    more = came - counted.closed
    then = desk.say("summary.yesterday") if span.days == 1 else desk.say("summary.ago", days=span.days)
    how = "summary.more" if more > 0 else "summary.fewer" if more < 0 else "summary.same"
    change = desk.say(how, then=then, count=abs(more))
    gaps = {"came": came, "closed": counted.closed, "open": open_, "change": change}
    text = desk.say("summary.title", day=day if span.days == 1 else f"{first} – {day}", **gaps)
    return (f"{span.team.name}, {text}" if span.team else text)[:150]


def _lines(desk: Desk, seen: Sight, span: Span, counted: Counts, *, open_to_all: bool = False) -> list[Line]:
    """Seven at most, with the line about visits. The fewer others there are, the more issues are named."""
    rest = [*_awaab(desk, seen), *_grouped(desk, span, counted, open_to_all=open_to_all)]
    room = max(FEWEST, min(PRESSING, LINES - 1 - len(rest)))
    return [*(_pressing(desk, one) for one in picture.pressing(desk.records, seen, _soon(desk), room)), *rest]


def _grouped(desk: Desk, span: Span, found: Counts, *, open_to_all: bool) -> list[Line]:
    """What is only counted, in three lines by what it is about; what there is none of is left out."""
    again = sum(found.open.get(code, 0) for code in AGAIN)
    first = next((code for code in AGAIN if found.open.get(code)), AGAIN[0]).lower().replace("-", " ")
    allowed = reach(desk.person).contracts
    told = (
        0 if open_to_all or span.team else picture.safeguarding(desk.records, desk.person.tenant_id, allowed, span.since),
        questions.waiting(desk.records, desk.person.tenant_id)
        if may(desk.person.roles, "see open questions") and not open_to_all
        else 0,
    )
    groups: tuple[tuple[tuple[int, str, Button | None], ...], ...] = (
        (
            (found.complaints + found.offered, "summary.complaints", desk.button("complaints", "issues complaints")),
            (found.untold, "summary.untold", desk.button("not_told", "issues not told")),
        ),
        (
            (found.open.get("AC-NOACC", 0), "summary.no_access", desk.button("no_access", "issues no access")),
            (again, "summary.again", desk.button("again", f"issues {first}")),
        ),
        (
            (sum(found.came.get(code, 0) for code in NEAR), "summary.near", None),
            (told[0], "summary.safeguarding", None),
            (found.came.get("SV-COMP", 0), "summary.good", None),
            (told[1], "summary.questions", desk.button("questions", "questions")),
        ),
    )
    lines = []
    for group in groups:
        some = [(desk.say(name, count=count), button) for count, name, button in group if count]
        text = " · ".join(said for said, _ in some)
        lines += [Line(text, tuple(button for _, button in some if button))] if some else []
    return lines


def _soon(desk: Desk) -> datetime:
    return desk.now + timedelta(hours=24)


def _pressing(desk: Desk, one: Running) -> Line:
    """An issue whose time ends: what, where, until when, whose, how old; with the next thing to do about it."""
    issue, ref = one.issue, reference(one.issue.number)
    plain = desk.say("summary.due") if issue.priority == "today" else issue.priority
    clock = next((clock.name for clock in desk.pack.clocks if clock.id == one.clock), plain)
    late = desk.say("issues.late") if one.due_at < desk.now else ""
    days = (desk.now - issue.logged_at).days
    whose = desk.say("summary.whose", code=f"P{issue.owner_id}") if issue.owner_id else desk.say("summary.nobodys")
    gaps = {"ref": ref, "name": category_of(desk, issue).name, "clock": clock, "due": when(desk, one.due_at)}
    text = desk.say("summary.pressing", place=issue.place or desk.say("issues.no_place"), late=late, **gaps).strip()
    age = desk.say("summary.days", count=days) if days > 1 else desk.say("summary.day") if days else desk.say("summary.new")
    act = Button(label(desk.say("button.give_out", ref=ref)), f"handle {ref}", "primary" if late else "plain")
    if issue.owner_id and issue.owner_id != desk.person.id:
        act = Button(label(desk.say("button.chase", ref=ref)), f"chase {ref}", act.style)
    elif issue.owner_id:
        act = Button(label(desk.say("button.more_time", ref=ref)), f"handle {ref}", act.style)
    look = Button(label(desk.say("button.show_issue", ref=ref)), f"issue {ref}", hint=gaps["name"])
    return Line(f"{text} · {whose}, {age}", (act, look))


def _awaab(desk: Desk, seen: Sight) -> list[Line]:
    """How many issues stand at which stage of the landlord's clocks, in the order of the law, and what ends first."""
    found = picture.stages(desk.records, seen, AWAAB)
    if not found:
        return []
    names = [clock.id for clock in desk.pack.clocks if clock.id in found]
    parts = ", ".join(desk.say(f"summary.{name.replace('-', '_')}", count=found[name][0]) for name in dict.fromkeys(names))
    soonest = when(desk, min(due for _, due in found.values()))
    return [Line(desk.say("summary.awaab", stages=parts, due=soonest), (desk.button("awaab", "issues awaab"),))]


def _checks(desk: Desk, span: Span, contracts: Collection[int] | None) -> str:
    rates = visits.rates(desk.records, desk.person.tenant_id, contracts, span.since)
    begun, done = rates.by_team.get(span.team.name, (0, 0)) if span.team else (rates.visits, rates.done)
    return desk.say("summary.checks", done=done, begun=begun) if begun else desk.say("summary.no_checks")


def _chart(desk: Desk, seen: Sight, span: Span) -> Block:
    """What came in and what was closed, day by day, as a picture; its text says the same in numbers."""
    days = picture.by_day(desk.records, seen, span.edges)
    names = [f"{edge:%a} {edge.day}" if span.days <= SPANS["week"] else str(edge.day) for edge in span.edges]
    busiest = max(range(len(days)), key=lambda number: days[number][0])
    text = desk.say("summary.chart", days=span.days, came=sum(came for came, _ in days), closed=sum(gone for _, gone in days),
                    busiest=f"{span.edges[busiest]:%A} {span.edges[busiest].day}", most=days[busiest][0])  # fmt: skip
    kinds = f"|{desk.say('summary.chart_came')}|{desk.say('summary.chart_closed')}"
    return Block("chart", text, (kinds, *(f"{name}|{came}|{gone}" for name, (came, gone) in zip(names, days, strict=False))))


def _ways(desk: Desk, span: Span) -> tuple[Button, ...]:
    """To the week from a day, and back."""
    team = f" {span.team.name.lower()}" if span.team else ""
    longer = desk.button("week", f"summary week{team}") if span.days == 1 else desk.button("only_today", f"summary{team}")
    return (desk.button("checks", "checks"), longer)


VERBS: Verbs = {"summary": summary}
