"""Issues: log what was seen in one message, show what was understood, and put it right in a word.

It is logged at once; whoever walks away has logged it. What is missing is asked for under the receipt, two things at most.
Nothing here says what a hazard is or when the landlord must come: clocks are guidance with their source.
"""

import re
from dataclasses import replace
from datetime import timedelta

from bot.desk import Desk
from bot.phrases import Phrases
from bot.references import reference
from bot.reply import Block, Button, Card, Field, Notice, label
from bot.skills.issue_card import SAFEGUARDING, category_of, clocks_of, named, on_screen, plain, receipt, start_clocks
from bot.skills.photos import hang
from bot.skills.vocabulary import Answer, Forms, Verbs
from bot.understanding.danger import is_over_or_asked
from bot.understanding.issue_words import says_nothing
from bot.understanding.patterns import heard
from bot.understanding.places import keys, where
from bot.understanding.report import Report
from content import Category
from storage import audit, issues, occasions, roster
from storage.issues import IssueRecord

LONGEST = 280
AWAITING = "report"
ALIKE, ALIKE_HOURS = 3, 48
_SPOKEN = re.compile(r"(?i)\bref(?:erence)?\.? ?(?:no\.? ?|number )?([a-z]{0,3}-?\d{1,8})\b|\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
_CHOSE = re.compile(
    r"(?i)\b(?:wants? (?:to|it) (?:make|raise|complain|log|taken|in writing)|wants? (?:a )?(?:formal )?complain\w*|"
    r"want complaint|chose complaint|formal complaint|raise a (?:formal )?complaint|stage (?:2|two) requested|"
    r"make a complaint|complaint please)"
)
_DECLINED = re.compile(r"(?i)\b(?:doesn'?t|didn'?t|dont|don't|not) want(?:s)? to complain\b|just (?:wants it )?noted")
_SHORT = ("HZ-DAMP", "RP-NEW", "HZ-COLD", "AC-NOACC", "CM-COMMUNAL", "SV-CMPL", "HZ-FALL", "RP-FOLLOW", "SV-SERV", "SV-COMP")


_ASKED = re.compile(r"(?i)\s*(?:please |can you |pls )?(?:log|report|record|raise|note|put in)\b")


def log(desk: Desk, text: str) -> Answer:
    """Log what a message reports: one issue, or one for each thing of another kind. Where it says nothing, ask what."""
    if what := says_nothing(text):
        return _asked_what(desk, before=what == "that")
    found = desk.reporter.read_all(text)
    if not found:
        return plain(desk, desk.say("issue.no_categories"))
    if found[0].category.phone and not _ASKED.match(text) and is_over_or_asked(text, desk.pack.wordlist.slips):
        return _settled(desk, text)
    return _log(desk, text, found)


def _asked_what(desk: Desk, *, before: bool) -> Answer:
    """ "Log that" is about what was said `before`, or the photo; after "log a job" the next line is what to log."""
    if before and desk.dialogue.asked:
        return log_asked(desk, ())
    if desk.turn.photos:
        kept = photo_alone(desk)
        desk.turn = replace(desk.turn, photos=())
        return kept
    desk.dialogue = replace(desk.dialogue, awaiting=AWAITING)
    return waiting(desk)


def waiting(desk: Desk) -> Answer:
    """The open question of this skill."""
    card = form(desk.phrases)
    blocks = (Block("say", desk.say("issue.what")), *card.blocks)
    return Answer(replace(card, blocks=blocks, buttons=(*card.buttons, desk.button("cancel", "cancel"))), place=False)


def _settled(desk: Desk, text: str) -> Answer:
    """A danger that is denied, over or only spoken of: nothing is logged unless they say so."""
    desk.dialogue = replace(desk.dialogue, asked=text)
    blocks = (Block("quote", text), Block("say", desk.say("issue.settled")))
    return Answer(Card(desk.say("issue.settled_title"), blocks, (desk.button("log_it", "logasked"),)), place=False)


def log_asked(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`logasked`: what was said last is to be logged after all."""
    text = desk.dialogue.asked
    found = desk.reporter.read_all(text) if text else []
    return _log(desk, text, found) if text and found else plain(desk, desk.say("issue.what"))


def _log(desk: Desk, text: str, found: list[Report]) -> Answer:
    made = [_logged(desk, report, text) for report in found]
    hang(desk, made[0])
    first = made[0]
    answer = receipt(desk, first, fresh=True)
    if found[0].worse:
        answer = _noted(answer, desk.say("issue.worse"))
    if len(made) > 1:
        others = ", ".join(f"{reference(one.number)} {category_of(desk, one).name}" for one in made[1:])
        answer = _noted(answer, desk.say("issue.two", others=others))
    desk.dialogue = replace(desk.dialogue, undo=" ".join(("unlog", *(reference(one.number) for one in made))))
    return answer


def _noted(answer: Answer, text: str) -> Answer:
    return replace(answer, card=replace(answer.card, blocks=(*answer.card.blocks, Block("note", text))))


def form(phrases: Phrases) -> Card:
    """What was seen and where, as a form; what is sent is the line that would have been typed."""
    fields = (
        Field("seen", phrases("issue.form_seen"), phrases("issue.form_seen_like"), LONGEST),
        Field("place", phrases("issue.form_place"), phrases("issue.form_place_like"), 100),
    )
    send = Button(phrases("button.log"), "log {seen}, {place}", "primary")
    return Card(phrases("issue.form_title"), (Block("say", phrases("issue.form_text")),), (send,), fields=fields)


def report(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`report new`: the form, for whoever would rather not write a line."""
    return Answer(form(desk.phrases), place=False)


def _logged(desk: Desk, report: Report, text: str) -> IssueRecord:
    person, category = desk.person, report.category
    seen = _phone_reference(text) if category.code == SAFEGUARDING else " ".join(text.split())
    unit, block = keys(report.where.place)
    complaint = ""
    if report.complaint:
        complaint = "complaint" if _CHOSE.search(text) else "declined" if _DECLINED.search(text) else "offered"
    standard = _standard_of(desk, category)
    issue = issues.log(
        desk.records,
        {
            "tenant_id": person.tenant_id, "person_id": person.id,
            "contract_id": person.contract.id if person.contract else None,
            "team_id": person.team_id, "category": category.code, "priority": report.priority,
            "place": None if category.code == SAFEGUARDING else report.where.place, "postcode": report.where.postcode,
            "room": report.where.room, "unit_key": unit, "block_key": block, "text": seen[:LONGEST], "complaint": complaint,
            "restricted": category.restricted, "standard": standard,
            "due_at": clocks_of(desk).priority(category, desk.turn.received_at, report.priority),
        },
        desk.now,
    )  # fmt: skip
    issues.happened(desk.records, issue, person.id, "logged", category.code, desk.now)
    start_clocks(desk, issue, "reported", category.clocks)
    worded = clocks_of(desk).by_words(heard(text, desk.pack.wordlist.slips), desk.turn.received_at)
    issues.start_clocks(desk.records, issue, [(one.clock, one.at) for one in worded], desk.turn.received_at)
    if complaint == "complaint":
        start_clocks(desk, issue, "reported", ("complaint-acknowledge", "complaint-answer"))
    _radar(desk, issue)
    return issue


def _radar(desk: Desk, issue: IssueRecord) -> None:
    """Three of a kind at one street or block within two days: whoever supervises hears of it once."""
    block, contract = keys(issue.place)[1], desk.person.contract
    if block is None or contract is None or issue.restricted:
        return
    since = desk.now - timedelta(hours=ALIKE_HOURS)
    alike = [
        one
        for one, _ in issues.near(desk.records, issue.tenant_id, contract.id, block, since)
        if one.category == issue.category
    ]
    if len(alike) < ALIKE:
        return
    if not occasions.first(desk.records, issue.tenant_id, f"alike:{contract.id}:{issue.category}:{block}"[:110], desk.now):
        return
    refs = [reference(one.number) for one in alike[:ALIKE]]
    text = desk.say("issue.alike", count=len(alike), name=category_of(desk, issue).name, block=block)
    buttons = tuple(Button(ref, f"issue {ref}") for ref in refs)
    card = Card(desk.say("issue.alike_title"), (Block("say", text),), buttons)
    for member in roster.members(desk.records, issue.tenant_id, {contract.id}):
        if "supervisor" in member.roles:
            desk.notices.append(Notice(member.id, f"alk-{issue.id}", card, f"issue {refs[0]}"))


def _standard_of(desk: Desk, category: Category) -> str:
    """The standard that bears on it, as it reads today; empty where the pack's rule names none."""
    rules = [clock.rule for clock in desk.pack.clocks if clock.id in category.clocks]
    entry = desk.pack.entry_by_id.get(rules[0]) if rules else None
    found = desk.pack.by_id.get(entry.standard.upper()) if entry else desk.pack.by_id.get("CE5")
    return f"{found.id} {found.version}" if found else ""


def _phone_reference(text: str) -> str:
    """All that is kept of a safeguarding report: that it was phoned, when, and the reference."""
    found = list(_SPOKEN.finditer(text))
    time = next((f"{one[2]}:{one[3]}" for one in found if one[2]), None)
    ref = next((one[1] for one in found if one[1]), None)
    return " ".join(part for part in ("Phoned", time, f"ref {ref}" if ref else None) if part)


def photo_alone(desk: Desk) -> Answer:
    """A photo without words: onto the issue on screen, else kept until the next tap or word says what it is."""
    if not desk.turn.photos:
        lost = Block("say", desk.say("photo.lost"))
        return Answer(Card(desk.say("photo.lost_title"), (lost,), (desk.button("my_issues", "issues mine"),)), place=False)
    shown = on_screen(desk)
    if shown:
        return receipt(desk, shown, note=hang(desk, shown))
    desk.dialogue = replace(desk.dialogue, photos=(*desk.dialogue.photos, *desk.turn.photos)[-8:])
    names = {category.code: category.name for category in desk.pack.categories}
    buttons = tuple(Button(label(names[code]), f"newlog {code}", hint=names[code]) for code in _SHORT if code in names)
    blocks = [Block("say", desk.say("photo.text"))]
    if desk.turn.lost:
        blocks.append(Block("note", desk.say("photo.lost")))
    return Answer(Card(desk.say("photo.title", count=len(desk.turn.photos)), tuple(blocks), buttons), place=False)


def newlog(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`newlog HZ-DAMP`: log with a category alone; the place is asked for."""
    category = next((one for one in desk.pack.categories if one.code == args[0].upper()), None)
    if category is None:
        return plain(desk, desk.say("issue.no_categories"))
    issue = _logged(desk, Report(category, where(""), category.code == "SV-CMPL", 1.0), category.name)
    hang(desk, issue)
    desk.dialogue = replace(desk.dialogue, undo=f"unlog {reference(issue.number)}")
    return receipt(desk, issue, fresh=True)


def show(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`issue OAK-27`."""
    found = named(desk, args[0])
    return receipt(desk, found) if found else plain(desk, desk.say("issue.unknown", ref=args[0]))


def unlog(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`unlog OAK-27`: undo of logging; the audit keeps that it was, not what."""
    for ref in args:
        found = named(desk, ref, lock=True)
        if found and found.person_id == desk.person.id and found.state == "new":
            issues.remove(desk.records, found)
            audit.note(desk.records, desk.person.tenant_id, desk.person.id, "unlog", ref, desk.now)
    return Answer(
        Card(desk.say("issue.gone_title"), (Block("say", desk.say("issue.gone")),), (desk.button("my_issues", "issues mine"),))
    )


def from_visit(desk: Desk, code: str, text: str, place: str | None) -> Answer:
    """What a visit check found lacking, logged under a category."""
    category = next((one for one in desk.pack.categories if one.code == code), None)
    if category is None:
        return plain(desk, desk.say("issue.no_categories"))
    issue = _logged(desk, Report(category, where(place or ""), complaint=False, sure=1.0), text)
    desk.dialogue = replace(desk.dialogue, undo=f"unlog {reference(issue.number)}")
    return receipt(desk, issue, fresh=True)


FORMS: Forms = {"report new": form}
VERBS: Verbs = {"logasked": log_asked, "issue": show, "newlog": newlog, "unlog": unlog, "report": report}
