"""The daily picture: what needs a supervisor, in seven lines at most, the costliest wait first, each a tap away.

The order is that of what waiting costs: clocks that end, unhappy residents, residents not told, no access, what comes back,
safety, and what went well. Safeguarding is a number. Nobody's name is in it.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.permissions import may, reach, sight
from bot.references import reference
from bot.reply import Block, Button, Card
from bot.skills.issue_card import category_of, when
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from content import Standard
from storage import issues, picture, visits
from storage.picture import Counts, Running

LINES, PRESSING = 7, 3
SPANS = {"today": 1, "yesterday": 2, "week": 7, "month": 31}


def summary(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`summary`, `summary week`: what came in, what waits, what needs doing now."""
    if not may(desk.person.roles, "see summaries"):
        return refused(desk, "see summaries")
    days = SPANS.get(args[0], 1) if args else 1
    zone = ZoneInfo(desk.person.contract.timezone if desk.person.contract else desk.person.timezone)
    midnight = desk.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=days - 1)
    seen = sight(desk.person)
    pressing = picture.pressing(desk.records, seen, desk.now + timedelta(hours=24), PRESSING + 1)
    counted = picture.counts(desk.records, seen, since)
    rates = visits.rates(desk.records, desk.person.tenant_id, reach(desk.person).contracts, since)
    lines = [_pressing(desk, one) for one in pressing[:PRESSING]]
    lines += _counted(desk, counted)
    if number := picture.safeguarding(desk.records, desk.person.tenant_id, reach(desk.person).contracts, since):
        lines.append(desk.say("summary.safeguarding", count=number))
    needs = bool(lines)
    checks = desk.say("summary.checks", done=rates.done, begun=rates.visits) if rates.visits else desk.say("summary.no_checks")
    came = sum(counted.since.values())
    if not needs:
        blocks = (Block("say", desk.say("summary.nothing")), Block("note", checks))
    else:
        blocks = (Block("points", items=tuple(lines[: LINES - 1])), Block("note", checks))
    title = desk.say("summary.title", day=f"{desk.now.astimezone(zone):%a %d %b}", came=came, open=sum(counted.open.values()))
    refs = [(reference(one.issue.number), category_of(desk, one.issue).name) for one in pressing[:PRESSING]]
    buttons = (
        *(Button(ref, f"issue {ref}", hint=name) for ref, name in refs),
        *((desk.button("not_told", "issues not told"),) if counted.untold else ()),
        *((desk.button("complaints", "issues complaints"),) if counted.complaints or counted.offered else ()),
        desk.button("all_open", "issues open"),
        desk.button("checks", "checks"),
    )
    return Answer(Card(title[:150], blocks, buttons, desk.say("summary.footer")), at=" ".join(("summary", *args[:1])))


def _pressing(desk: Desk, one: Running) -> str:
    clock = next((clock.name for clock in desk.pack.clocks if clock.id == one.clock), one.issue.priority)
    late = desk.say("issues.late") if one.due_at < desk.now else ""
    gaps = {
        "ref": reference(one.issue.number),
        "name": category_of(desk, one.issue).name,
        "clock": clock,
        "due": when(desk, one.due_at),
    }
    place = one.issue.place or desk.say("issues.no_place")
    return desk.say("summary.pressing", place=place, late=late, **gaps).strip()


def _counted(desk: Desk, found: Counts) -> list[str]:
    """The lines that count, the costliest wait first; a line for nothing is left out."""
    awaab = {category.code for category in desk.pack.categories if any(clock.startswith("awaab") for clock in category.clocks)}
    waiting = sum(count for code, count in found.open.items() if code in awaab)
    near = found.since.get("HS-NEAR", 0) + found.since.get("HS-INC", 0)
    again = found.open.get("RP-RECALL", 0) + found.open.get("RP-FOLLOW", 0)
    told = (
        (waiting, "summary.awaab"),
        (found.complaints + found.offered, "summary.complaints"),
        (found.untold, "summary.untold"),
        (found.open.get("AC-NOACC", 0), "summary.no_access"),
        (again, "summary.again"),
        (near, "summary.near"),
        (found.since.get("SV-COMP", 0), "summary.good"),
    )
    return [desk.say(name, count=count) for count, name in told if count]


def promises_today(desk: Desk) -> list[issues.PromiseRecord]:
    """The person's promises that are due by the end of today."""
    open_ = issues.promised(desk.records, desk.person.tenant_id, person_id=desk.person.id)
    return [one for one in open_ if one.due_at <= desk.now + timedelta(hours=24)]


def pocket(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`pocket`: one message that stays useful with no signal all day: numbers, promises due, a standard, one-liners."""
    own = desk.person.contract
    numbers = [desk.say("numbers.999"), desk.say("numbers.gas")]
    if own and own.emergency_phone:
        numbers.insert(0, desk.say("numbers.contract", landlord=own.landlord or own.name, phone=own.emergency_phone))
    due = [f"{reference(one.number)}: {one.text} ({one.due_at:%a %H:%M})" for one in promises_today(desk)][:4]
    standard = standard_of_the_week(desk)
    blocks = (
        Block("points", desk.say("pocket.numbers"), tuple(numbers)),
        *((Block("points", desk.say("pocket.promises"), tuple(due)),) if due else ()),
        *((Block("quote", standard.say), Block("do", items=standard.do[:2])) if standard else ()),
        Block("note", desk.say("pocket.lines")),
    )
    buttons = (desk.button("visit", "visit"), desk.button("numbers", "numbers"))
    return Answer(Card(desk.say("pocket.title", day=f"{desk.today:%a %d %b}"), blocks, buttons), at="pocket")


def standard_of_the_week(desk: Desk) -> Standard | None:
    """One standard a week, twice a year: the pack's order, by ISO week."""
    return desk.pack.standards[desk.today.isocalendar().week % len(desk.pack.standards)] if desk.pack.standards else None


VERBS: Verbs = {"summary": summary, "pocket": pocket}
