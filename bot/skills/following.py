"""Following an issue until the resident has been told: its moves, who may make them, corrections, promises, merging.

`fixed` isn't the end: an issue closes only after somebody told the resident. No access never closes a job.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import Desk
from bot.permissions import may
from bot.references import reference
from bot.reply import Block, Button, Card, Notice, label
from bot.skills.issue_card import (
    NEXT,
    NO_ACCESS,
    SIGNIFICANT,
    clocks_of,
    may_move,
    named,
    on_screen,
    plain,
    receipt,
    start_clocks,
    twin_of,
    waits_for_investigation,
)
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from bot.understanding.places import keys, where
from bot.understanding.report import WORST
from bot.understanding.when import read_when
from storage import issues, roster
from storage.issues import IssueRecord

_NOT = re.compile(r"(?i)^(?:no,? |sorry,? |actually,? |its |it's |it is |should be |meant |not that,? )*")
_NOT_TAIL = re.compile(r"(?i),? (?:not|instead of) .+$")
_PROMISE = re.compile(
    r"(?i)\b(?:told|promised|said to) (?:her|him|them|(?:the )?(?:lady|tenant|resident|customer))\b"
    r"(?: (?:that )?(?P<what>.*))?$"
)


def move(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`move OAK-27 4 in_progress`: as it stood at change 4. Whoever is late is shown what happened meanwhile."""
    issue, state = named(desk, args[0], lock=True), args[2].replace("_", " ")
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    if issue.category == NO_ACCESS and state in ("fixed", "closed") and not may_move(desk, issue, state):
        return receipt(desk, issue, note=desk.say("issue.no_access"))
    if state not in NEXT[issue.state] or issue.revision != int(args[1]):
        return receipt(desk, issue, note=desk.say("issue.meanwhile", state=issue.state, who=_who_last(desk, issue)))
    if not may_move(desk, issue, state):
        return refused(desk, "follow issues")
    values = {"state": state, **({"told_at": desk.now} if state == "resident told" else {})}
    changed = issues.change(desk.records, issue, values, desk.now)
    issues.happened(desk.records, changed, desk.person.id or None, "state", state, desk.now)
    if state == "acknowledged":
        issues.meet_clocks(desk.records, changed, ("complaint-acknowledge",), desk.now)
        if changed.complaint == "complaint":
            start_clocks(desk, changed, "acknowledged", ("complaint-answer",))
    if state == "closed":
        issues.meet_clocks(desk.records, changed, None, desk.now)
    _tell_reporter(desk, changed)
    ask = desk.say("issue.ask_told") if state == "fixed" else None
    return receipt(desk, changed, note=ask)


def _who_last(desk: Desk, issue: IssueRecord) -> str:
    told = [one for one in issues.story(desk.records, issue) if one.kind in ("state", "assign", "merge")]
    return f"P{told[-1].person_id}" if told and told[-1].person_id else desk.say("issue.somebody")


def _tell_reporter(desk: Desk, issue: IssueRecord) -> None:
    """The reporter's own card of the issue is brought up to date; one message that is edited, not a stream."""
    if issue.person_id == desk.person.id:
        return
    ref = reference(issue.number)
    told = [one for one in issues.story(desk.records, issue, 5) if one.kind in ("logged", "state", "comment")]
    lines = tuple(
        f"{one.at:%d %b %H:%M} UTC: {one.detail if one.kind != 'logged' else desk.say('issue.was_logged')}" for one in told
    )
    buttons = (Button(label(desk.say("button.show_issue", ref=ref)), f"issue {ref}"),)
    card = Card(desk.say("issue.news", ref=ref, state=issue.state), (Block("points", items=lines),), buttons)
    desk.notices.append(Notice(issue.person_id, f"issue-{issue.id}", card, f"issue {ref}"))


def moveto(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`moveto OAK-27 fixed`: a move that was typed, from however it stands now."""
    issue = named(desk, args[0])
    return move(desk, (args[0], str(issue.revision if issue else 0), args[1]))


def investigated(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`investigated OAK-27`: the landlord has looked; that clock is met and those that follow from it start."""
    issue = named(desk, args[0], lock=True)
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    if not may(desk.person.roles, "follow issues"):
        return refused(desk, "follow issues")
    if waits_for_investigation(desk, issue):
        issues.meet_clocks(desk.records, issue, (SIGNIFICANT,), desk.now)
        start_clocks(desk, issue, "investigated", (SIGNIFICANT,))
        issues.happened(desk.records, issue, desk.person.id, "clock", "investigated", desk.now)
        issue = issues.change(desk.records, issue, {}, desk.now)
    return receipt(desk, issue)


def story(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`story OAK-27`: what happened to it, by code."""
    issue = named(desk, args[0])
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    told = issues.story(desk.records, issue)
    lines = tuple(
        f"{one.at:%d %b %H:%M} UTC · {f'P{one.person_id}' if one.person_id else '-'} · {one.kind} {one.detail}"[:180]
        for one in told
    )
    ref = reference(issue.number)
    buttons = (Button(label(desk.say("button.show_issue", ref=ref)), f"issue {ref}"),)
    return Answer(Card(desk.say("issue.story", ref=ref), (Block("points", items=lines),), buttons))


def assign(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`assign OAK-27 P31`: whose it is from now on; they are told."""
    issue = named(desk, args[0], lock=True)
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    if not may(desk.person.roles, "follow issues"):
        return refused(desk, "follow issues")
    owner = int(args[1].upper().removeprefix("P"))
    if all(one.id != owner for one in roster.members(desk.records, desk.person.tenant_id)):
        return plain(desk, desk.say("issue.no_person", code=f"P{owner}"))
    changed = issues.change(desk.records, issue, {"owner_id": owner}, desk.now)
    issues.happened(desk.records, changed, desk.person.id, "assign", f"P{owner}", desk.now)
    ref = reference(issue.number)
    if owner != desk.person.id:
        button = Button(label(desk.say("button.show_issue", ref=ref)), f"issue {ref}")
        card = Card(desk.say("issue.yours", ref=ref), (Block("quote", issue.text),), (button,))
        desk.notices.append(Notice(owner, f"assign-{issue.id}", card, f"issue {ref}"))
    said = desk.say("issue.yours_now") if owner == desk.person.id else desk.say("issue.assigned", code=f"P{owner}")
    return receipt(desk, changed, note=said)


def comment(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`comment OAK-27 parts came`: a line in its story."""
    issue = named(desk, args[0], lock=True)
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    issues.happened(desk.records, issue, desk.person.id or None, "comment", " ".join(args[1:]), desk.now)
    changed = issues.change(desk.records, issue, {}, desk.now)
    _tell_reporter(desk, changed)
    return receipt(desk, changed, note=desk.say("issue.commented"))


def choice(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`choice OAK-27 complaint`: what the resident chose; it starts the complaint clocks, or stops them."""
    issue = named(desk, args[0], lock=True)
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    changed = issues.change(desk.records, issue, {"complaint": args[1]}, desk.now)
    issues.happened(desk.records, changed, desk.person.id, "complaint", args[1], desk.now)
    if args[1] == "complaint":
        start_clocks(desk, changed, "reported", ("complaint-acknowledge", "complaint-answer"))
    else:
        issues.drop_clocks(desk.records, changed, ("complaint-acknowledge", "complaint-answer"))
    return receipt(desk, changed)


def merge(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`merge OAK-27 ELM-3`: the first is the same thing as the second, which goes on."""
    first, second = (named(desk, ref, lock=True) for ref in args[:2])
    if first and second is None and (twin := twin_of(desk, first)) and reference(twin.number) == args[1]:
        second = twin  # somebody else's, offered when this one was logged
    if first is None or second is None or first.id == second.id:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    if desk.person.id != first.person_id and not may(desk.person.roles, "follow issues"):
        return refused(desk, "follow issues")
    issues.change(desk.records, first, {"merged_into": second.id}, desk.now)
    issues.meet_clocks(desk.records, first, None, desk.now)
    issues.happened(desk.records, second, desk.person.id, "merge", f"{reference(first.number)}: {first.text}", desk.now)
    issues.hand_over_photos(desk.records, first, second)
    changed = issues.change(desk.records, second, {}, desk.now)
    _tell_reporter(desk, changed)
    if named(desk, reference(changed.number)) is None:
        return plain(desk, desk.say("issue.merged_elsewhere", ref=reference(first.number), into=reference(changed.number)))
    return receipt(desk, changed, note=desk.say("issue.merged", ref=reference(first.number)))


def kinds(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`kinds OAK-27`: the categories, a button each."""
    buttons = tuple(Button(label(one.name), f"kind {args[0]} {one.code}", hint=one.name) for one in desk.pack.categories)
    return Answer(
        Card(desk.say("issue.kinds", ref=args[0]), (Block("say", desk.say("issue.kinds_text")),), buttons[:25]),
        at=f"kinds {args[0]}",
    )


def kind(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`kind OAK-27 HZ-DAMP`: it is something else; its clocks and due time go with it."""
    issue = named(desk, args[0], lock=True)
    category = next((one for one in desk.pack.categories if one.code == args[1].upper()), None)
    if issue is None or category is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    priority = WORST if desk.reporter.is_worse(category, issue.text) else category.priority
    due = clocks_of(desk).priority(category, issue.logged_at, priority)
    values = {"category": category.code, "priority": priority, "restricted": category.restricted, "due_at": due}
    old = next((one for one in desk.pack.categories if one.code == issue.category), None)
    changed = issues.change(desk.records, issue, values, desk.now)
    issues.happened(desk.records, changed, desk.person.id, "category", category.code, desk.now)
    issues.drop_clocks(desk.records, changed, [one for one in (old.clocks if old else ()) if one not in category.clocks])
    start_clocks(desk, changed, "reported", category.clocks)
    return receipt(desk, changed, note=desk.say("issue.now_kind", name=category.name))


def corrected(desk: Desk, text: str) -> Answer | None:
    """A line about the issue on screen that puts it right or adds to it; None when it is about something else."""
    issue = on_screen(desk)
    if issue is None or "?" in text or desk.dialogue.awaiting:
        return None
    if (promised := _PROMISE.search(text)) and (made := _promise(desk, issue, promised["what"] or text, text)):
        return made
    rest = _NOT.sub("", text.strip())
    said = _NOT_TAIL.sub("", rest)
    found = where(said)
    said_no = said != text.strip()
    bare = len(said.split()) <= len((found.place or found.room or "").split()) + len((found.postcode or "").split()) + 1
    if (found.place or found.postcode or found.room) and (bare or (said_no and len(said.split()) <= 6)):
        unit, block = keys(found.place or issue.place)
        values = {
            "place": found.place or issue.place, "postcode": found.postcode or issue.postcode, "room": found.room or issue.room,
            "unit_key": unit, "block_key": block,
        }  # fmt: skip
        changed = issues.change(desk.records, issue, values, desk.now)
        issues.happened(
            desk.records, changed, desk.person.id, "place", found.place or found.postcode or found.room or "", desk.now
        )
        return receipt(desk, changed, fresh=True, note=desk.say("issue.put_right"))
    if rest != text.strip() and len(said.split()) <= 5 and (report := desk.reporter.read(said)) and report.sure >= SURE:
        return kind(desk, (reference(issue.number), report.category.code))
    return None


SURE = 0.75


def _promise(desk: Desk, issue: IssueRecord, what: str, text: str) -> Answer | None:
    due = read_when(text, clocks_of(desk).at(desk.now))
    if due is None:
        return None
    identity = issues.promise(desk.records, issue, desk.person.id, what.strip() or text, due)
    issues.happened(desk.records, issue, desk.person.id, "promise", what.strip(), desk.now)
    desk.dialogue = replace(desk.dialogue, undo=f"promised {identity} withdrawn")
    changed = issues.change(desk.records, issue, {}, desk.now)
    return receipt(desk, changed, note=desk.say("promise.kept_for_you"))


def promised(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`promises`: what this person promised; `promised 3 kept` settles one, `promised 3 moved` gives it another day."""
    if len(args) == 2:
        later: datetime | None = desk.now + timedelta(days=1) if args[1] == "moved" else None
        issues.settle(desk.records, desk.person.tenant_id, desk.person.id, int(args[0]), args[1], later)
    open_ = issues.promised(desk.records, desk.person.tenant_id, person_id=desk.person.id)
    lines = tuple(f"{reference(one.number)}: {one.text} ({one.due_at:%a %d %b})" for one in open_)
    first = open_[0] if open_ else None
    buttons = (
        desk.button("kept", f"promised {first.id} kept", style="primary"),
        desk.button("moved", f"promised {first.id} moved"),
        desk.button("broken", f"promised {first.id} broken"),
    ) if first else (desk.button("my_issues", "issues mine"),)  # fmt: skip
    body = Block("points", desk.say("promise.first"), lines) if lines else Block("say", desk.say("promise.none"))
    return Answer(Card(desk.say("promise.title", count=len(open_)), (body,), buttons), at="promised")


VERBS: Verbs = {
    "move": move,
    "moveto": moveto,
    "investigated": investigated,
    "story": story,
    "assign": assign,
    "comment": comment,
    "choice": choice,
    "merge": merge,
    "kinds": kinds,
    "kind": kind,
    "promised": promised,
}
