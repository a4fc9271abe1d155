"""An issue as a card: what was understood, its clocks, what is missing, and what this person may do with it."""

from datetime import datetime, timedelta

from bot.clocks import Clocks, Due
from bot.desk import Desk
from bot.permissions import may, sight
from bot.phrases import spoken_date
from bot.references import find_reference, number_of, reference
from bot.reply import Block, Button, Card
from bot.skills.vocabulary import Answer
from bot.understanding.places import keys
from content import Category
from storage import issues, photos
from storage.issues import IssueRecord

SAFEGUARDING = "SG-REF"
SIGNIFICANT = "awaab-significant"
ALIKE_DAYS = 14
NEXT: dict[str, tuple[str, ...]] = {
    "new": ("acknowledged", "with landlord", "in progress", "waiting access", "fixed"),
    "acknowledged": ("with landlord", "in progress", "waiting access", "fixed"),
    "with landlord": ("in progress", "waiting access", "fixed"),
    "in progress": ("fixed", "waiting access", "with landlord"),
    "waiting access": ("in progress", "with landlord"),
    "fixed": ("resident told", "in progress"),
    "resident told": ("closed", "in progress"),
    "closed": ("in progress",),
}
OWN = frozenset({"in progress", "waiting access", "fixed", "resident told"})
NO_ACCESS = "AC-NOACC"
ABOUT_ONE = frozenset({"issue", "kinds", "photos", "story"})


def named(desk: Desk, ref: str, *, lock: bool = False) -> IssueRecord | None:
    """The issue with this reference, if the person may see it; one that was merged leads to the one it went into,
    where that may be seen too."""
    number = number_of(find_reference(ref) or ref.upper())
    found = issues.find(desk.records, sight(desk.person), number, lock=lock) if number is not None else None
    if found and found.merged_into:
        return issues.by_id(desk.records, sight(desk.person), found.merged_into) or found
    return found


def on_screen(desk: Desk) -> IssueRecord | None:
    """The issue that the person is looking at."""
    words = (desk.dialogue.place or "").split()
    if len(words) < 2 or words[0] not in ABOUT_ONE:
        return None
    return named(desk, words[1])


def receipt(desk: Desk, issue: IssueRecord, *, fresh: bool = False, note: str | None = None) -> Answer:
    """The issue's card: what was understood, its clocks, what is still missing, and what can be done."""
    category, ref = category_of(desk, issue), reference(issue.number)
    place = " · ".join(part for part in (issue.place, issue.postcode, issue.room) if part)
    blocks: list[Block] = [Block("note", note)] if note else []
    if category.phone and fresh:
        blocks.append(Block("caution", desk.say("issue.phone")))
    unsaid = [] if issue.category == SAFEGUARDING else [desk.say("issue.no_place")]
    facts = [desk.say("issue.where", place=place)] if place else unsaid
    facts += [desk.say("issue.due", priority=_priority(desk, issue), due=when(desk, issue.due_at))] if issue.due_at else []
    facts += [desk.say("issue.paused_since", day=when(desk, issue.paused_at))] if issue.paused_at else []
    facts += [_clock_line(desk, name, at) for name, at in issues.running(desk.records, [issue.id]).get(issue.id, [])]
    facts += [desk.say(f"complaint.{issue.complaint}")] if issue.complaint in ("complaint", "service", "declined") else []
    facts += [desk.say("issue.photos", count=count)] if (count := len(photos.of_issue(desk.records, issue.id))) else []
    facts += [desk.say("promise.line", text=one.text, due=when(desk, one.due_at)) for one in _promises(desk, issue)]
    blocks += [Block("quote", issue.text), Block("points", items=tuple(facts))]
    twin = twin_of(desk, issue) if fresh else None
    if twin:
        blocks.append(
            Block("note", desk.say("issue.twin", ref=reference(twin.number), when=spoken_date(desk.today_of(twin.logged_at))))
        )
    if issue.complaint == "offered":
        blocks.append(Block("say", desk.say("complaint.ask")))
    if not issue.place and issue.category != SAFEGUARDING:
        blocks.append(Block("say", desk.say("issue.ask_place")))
    buttons = _buttons(desk, issue, ref, twin, fresh=fresh)
    title = desk.say("issue.logged" if fresh else "issue.title", ref=ref, name=category.name, state=issue.state)
    return Answer(Card(title[:150], tuple(blocks), buttons, desk.say("issue.footer")), at=f"issue {ref}")


def _buttons(desk: Desk, issue: IssueRecord, ref: str, twin: IssueRecord | None, *, fresh: bool) -> tuple[Button, ...]:
    found: list[Button] = []
    if twin:
        found.append(desk.button("same_thing", f"merge {ref} {reference(twin.number)}", style="primary"))
    if issue.complaint == "offered":
        found += [desk.button("complaint", f"choice {ref} complaint"), desk.button("service", f"choice {ref} service"),
                  desk.button("declined", f"choice {ref} declined")]  # fmt: skip
    if fresh:
        found += [desk.button("kind", f"kinds {ref}"), desk.button("undo", "undo")]
    else:
        found += moves(desk, issue)
        if may(desk.person.roles, "follow issues") and issue.state != "closed":
            if waits_for_investigation(desk, issue):
                found.append(desk.button("investigated", f"investigated {ref}"))
            found.append(desk.button("handle", f"handle {ref}"))
        if photos.of_issue(desk.records, issue.id):
            found.append(desk.button("photos", f"photos {ref}"))
        found.append(desk.button("story", f"story {ref}"))
    return tuple(found)


def waits_for_investigation(desk: Desk, issue: IssueRecord) -> bool:
    """Whether the clock runs by which the landlord looks into it."""
    return SIGNIFICANT in dict(issues.running(desk.records, [issue.id]).get(issue.id, []))


def twin_of(desk: Desk, issue: IssueRecord) -> IssueRecord | None:
    """An open issue of the same kind at the same place, from the last two weeks."""
    unit, block = keys(issue.place)
    if not block:
        return None
    since = desk.now - timedelta(days=ALIKE_DAYS)
    for other, other_unit in issues.near(desk.records, issue.tenant_id, issue.contract_id, block, since):
        if other.id != issue.id and other_unit == (unit or "") and other.category[:2] == issue.category[:2]:
            return other if not other.restricted else None
    return None


def moves(desk: Desk, issue: IssueRecord) -> list[Button]:
    """The next states that this person may choose, a button each."""
    ref = reference(issue.number)
    return [
        desk.button(f"to_{state.replace(' ', '_')}", f"move {ref} {issue.revision} {state.replace(' ', '_')}")
        for state in NEXT[issue.state]
        if may_move(desk, issue, state)
    ]


def may_move(desk: Desk, issue: IssueRecord, state: str) -> bool:
    """Whether this person may move it there. No access alone never makes a job fixed or closed."""
    if issue.category == NO_ACCESS and state in ("fixed", "closed") and issue.state not in ("in progress", "resident told"):
        return False
    mine = desk.person.id in (issue.person_id, issue.owner_id)
    return may(desk.person.roles, "follow issues") or (mine and state in OWN)


def clocks_of(desk: Desk) -> Clocks:
    """The clocks of the person's contract."""
    own = desk.person.contract
    return Clocks(desk.pack.clocks, own.settings if own else None, own.timezone if own else desk.person.timezone)


def start_clocks(desk: Desk, issue: IssueRecord, event: str, names: tuple[str, ...]) -> None:
    """Start what an event starts; a report counts from when it came in, not from when it was taken up."""
    start = desk.turn.received_at if event == "reported" else desk.now
    due: list[Due] = clocks_of(desk).started_by(event, names, start)
    issues.start_clocks(desk.records, issue, [(one.clock, one.at) for one in due], start)


def _promises(desk: Desk, issue: IssueRecord) -> list[issues.PromiseRecord]:
    return issues.promised(desk.records, issue.tenant_id, issue_id=issue.id)


def _clock_line(desk: Desk, name: str, at: datetime) -> str:
    clock = next((one for one in desk.pack.clocks if one.id == name), None)
    line = desk.say("issue.clock", name=clock.name if clock else name, due=when(desk, at))
    return desk.say("fact.unsure", fact=line) if clock and clock.unsure else line


def when(desk: Desk, moment: datetime) -> str:
    """A due time as people say it: the day, and the hour where it matters."""
    local = clocks_of(desk).at(moment)
    day = f"{local:%a} {local.day} {local:%b}" + (f" {local.year}" if local.year != desk.today.year else "")
    return day if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M} {day}"


def _priority(desk: Desk, issue: IssueRecord) -> str:
    return desk.say("issue.same_day") if issue.priority == "today" else issue.priority


def category_of(desk: Desk, issue: IssueRecord) -> Category:
    """Its category; one that the pack has dropped since goes by its code."""
    found = next((one for one in desk.pack.categories if one.code == issue.category), None)
    return found or Category(code=issue.category, name=issue.category, priority="P3")


def plain(desk: Desk, text: str) -> Answer:
    """A sentence about issues, with a way to one's own."""
    return Answer(Card(desk.say("issue.plain"), (Block("say", text),), (desk.button("my_issues", "issues mine"),)), place=False)
