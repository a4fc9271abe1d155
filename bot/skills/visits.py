"""Visits: the 30-second check around a knock. One live card, a tap or a word an item, and a record of what was asked.

An item that says stop can't be passed while its answer is No. Everything on the card can be typed; see
`bot.understanding.visit_words`. Rates are shown by item and by team, never by person.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.checklists import asked_of, own_checklists
from bot.desk import Desk
from bot.hours import Hours
from bot.permissions import may, reach
from bot.reply import Block, Button, Card, Notice
from bot.skills import issues
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from bot.understanding.visit_words import Start, read_answers, read_start
from content import Checklist, Item
from storage import roster, visits
from storage.visits import VisitRecord

HOURS = 8
FIRST = "before"
AFTER, BEFORE = "RP-FOLLOW", "SV-SERV"
LABELS = {"yes": "yes", "no": "no", "na": "not needed", "skip": "skipped"}


def begin(desk: Desk, start: Start) -> Answer:
    """Start a visit, or take up the one that is open when nothing else was asked for."""
    running = _open(desk)
    if running and (_is_same(running, start) or not (start.checklist or start.place or start.answers)):
        return show_visit(desk, running, note=desk.say("visit.resumed"))
    if running:
        visits.end(desk.records, running, visits.STOPPED, desk.now)
    lists = own_checklists(desk.pack, desk.person.contract)
    checklist = lists.get(start.checklist or FIRST) or next(iter(lists.values()), None)
    if checklist is None:
        return _nothing(desk, desk.say("visit.no_list"))
    items = asked_of(checklist, start.flags)
    visit = visits.start(
        desk.records,
        tenant_id=desk.person.tenant_id,
        person_id=desk.person.id,
        checklist=checklist.id,
        version=checklist.version,
        items=[item.id for item in items],
        versions={item.standard: desk.pack.by_id[item.standard.upper()].version for item in items},
        place=start.place[:120] if start.place else None,
        now=desk.now,
    )
    desk.dialogue = replace(desk.dialogue, visit=visit.id)
    given = {item.id: (answer, "") for item, answer in zip(items, start.answers, strict=False)}
    return _answer(desk, visit, given) if given else show_visit(desk, visit)


def _is_same(running: VisitRecord, start: Start) -> bool:
    """Whether the line asks for what is already open."""
    return not start.answers and start.checklist in (None, running.checklist) and start.place in (None, running.place)


def visit(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`visit`, `visit door 14 Elm Court`: begin; `visit 12`: show that one as it stands."""
    if len(args) == 1 and args[0].isdigit():
        found = visits.find(desk.records, desk.person.tenant_id, desk.person.id, int(args[0]))
        return show_visit(desk, found) if found else _nothing(desk, desk.say("visit.gone"))
    return begin(desk, read_start(" ".join(("visit", *args)), desk.pack.checklists))


def tick(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`tick 12 covers no`: what a button of the live card says."""
    found = visits.find(desk.records, desk.person.tenant_id, desk.person.id, int(args[0]))
    if found is None:
        return _nothing(desk, desk.say("visit.gone"))
    return _answer(desk, found, {args[1]: (args[2], " ".join(args[3:]))})


def unanswer(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`unanswer 12`: one item back; `unanswer 12 covers` asks that one again."""
    found = visits.find(desk.records, desk.person.tenant_id, desk.person.id, int(args[0]))
    if found is None:
        return _nothing(desk, desk.say("visit.gone"))
    given = [item for item in found.items if item in found.answers]
    item = args[1] if len(args) > 1 else (given[-1] if given else None)
    answers = {name: answer for name, answer in found.answers.items() if name != item}
    visits.answered(desk.records, found, answers)
    if found.state != visits.OPEN:
        visits.reopen(desk.records, found)
    return show_visit(desk, replace(found, answers=answers, state=visits.OPEN, finished_at=None))


def here(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`here 12 14 Elm Court`: where it was."""
    found = visits.find(desk.records, desk.person.tenant_id, desk.person.id, int(args[0]))
    if found is None:
        return _nothing(desk, desk.say("visit.gone"))
    place = " ".join(args[1:])
    visits.placed(desk.records, found, place)
    return show_visit(desk, replace(found, place=place))


def leave(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`leave 12`: stop it; what was answered is kept."""
    found = visits.find(desk.records, desk.person.tenant_id, desk.person.id, int(args[0]))
    if found is None or found.state != visits.OPEN:
        return _nothing(desk, desk.say("visit.gone"))
    visits.end(desk.records, found, visits.STOPPED, desk.now)
    desk.dialogue = replace(desk.dialogue, visit=None)
    text = desk.say("visit.stopped", done=len(found.answers), all=len(found.items))
    buttons = (desk.button("visit", "visit"), desk.button("themes", "themes"))
    return Answer(Card(desk.say("visit.stopped_title"), (Block("say", text),), buttons), place=False)


def typed(desk: Desk, text: str) -> Answer | None:
    """The answer to a line typed while a visit is on screen; None when the line is about something else."""
    running = _on_screen(desk)
    if running is None:
        return None
    items = _items(desk, running)
    stopped = _stopped(running, items)
    asked = next((n for n, item in enumerate(items) if (item is stopped if stopped else item.id not in running.answers)), None)
    if asked is None:
        return None
    given = read_answers(text, items, asked)
    if given is None:
        place = read_start(text, ()).place
        if place and running.place is None and len(text.split()) <= len(place.split()) + 1:
            return here(desk, (str(running.id), *place.split()))
        return None
    if given.change:
        return unanswer(desk, (str(running.id), given.change))
    if given.same:
        return _as_last_time(desk, running)
    return _answer(desk, running, {item: (answer, reason) for item, answer, reason in given.answers})


def _as_last_time(desk: Desk, running: VisitRecord) -> Answer:
    last = visits.latest(desk.records, desk.person.tenant_id, desk.person.id, state=visits.DONE, checklist=running.checklist)
    if last is None:
        return show_visit(desk, running, note=desk.say("visit.no_last"))
    return _answer(desk, running, {item: (told[0], "") for item, told in last.answers.items() if item in running.items})


def _on_screen(desk: Desk) -> VisitRecord | None:
    """The open visit that the person is looking at."""
    words = (desk.dialogue.place or "").split()
    if len(words) != 2 or words[0] != "visit" or not words[1].isdigit():
        return None
    found = visits.find(desk.records, desk.person.tenant_id, desk.person.id, int(words[1]))
    return found if found and found.state == visits.OPEN and not _is_old(desk, found) else None


def _open(desk: Desk) -> VisitRecord | None:
    """The person's open visit on any device; one that is too old is closed."""
    found = visits.latest(desk.records, desk.person.tenant_id, desk.person.id, state=visits.OPEN)
    if found and _is_old(desk, found):
        visits.end(desk.records, found, visits.EXPIRED, desk.now)
        return None
    return found


def _is_old(desk: Desk, found: VisitRecord) -> bool:
    settings = (desk.person.contract.settings if desk.person.contract else None) or {}
    return desk.now - found.started_at > timedelta(hours=float(settings.get("visit_hours", HOURS)))


def _answer(desk: Desk, found: VisitRecord, given: Mapping[str, tuple[str, str]]) -> Answer:
    """Note the answers; a stop that isn't met, or is skipped, holds the visit where it is."""
    if found.state != visits.OPEN or _is_old(desk, found):
        return show_visit(desk, found)
    items = {item.id: item for item in _items(desk, found)}
    answers = dict(found.answers)
    held = None
    for name in found.items:
        if name not in given or name not in items:
            continue
        answer, reason = given[name]
        if items[name].stop and answer in ("na", "skip"):
            held = held or desk.say("visit.no_skip")
            continue
        answers[name] = [answer, desk.now.isoformat(timespec="seconds"), reason[:80]]
    if answers != found.answers:
        visits.answered(desk.records, found, answers)
    changed = replace(found, answers=answers)
    if all(name in answers for name in items) and not _stopped(changed, list(items.values())):
        visits.end(desk.records, found, visits.DONE, desk.now)
        desk.dialogue = replace(desk.dialogue, visit=None)
        changed = replace(changed, state=visits.DONE, finished_at=desk.now)
    desk.dialogue = replace(desk.dialogue, undo=f"unanswer {found.id}")
    return show_visit(desk, changed, note=held, fresh=frozenset(given))


def show_visit(desk: Desk, found: VisitRecord, *, note: str | None = None, fresh: frozenset[str] = frozenset()) -> Answer:
    """The visit's card: the next item, or how it ended."""
    items = _items(desk, found)
    if found.state == visits.OPEN and _is_old(desk, found):
        visits.end(desk.records, found, visits.EXPIRED, desk.now)
        found = replace(found, state=visits.EXPIRED)
    if found.state != visits.OPEN:
        desk.dialogue = replace(desk.dialogue, visit=None)
        return Answer(_ended(desk, found, items), at=f"visit {found.id}")
    desk.dialogue = replace(desk.dialogue, visit=found.id)
    stopped = _stopped(found, items)
    card = _stop_card(desk, found, stopped) if stopped else _item_card(desk, found, items, fresh)
    if note:
        card = replace(card, blocks=(Block("note", note), *card.blocks))
    return Answer(card, at=f"visit {found.id}")


def _stopped(found: VisitRecord, items: list[Item]) -> Item | None:
    """The item that holds the visit, if one does."""
    return next((item for item in items if item.stop and found.answers.get(item.id, ("",))[0] == "no"), None)


def _item_card(desk: Desk, found: VisitRecord, items: list[Item], fresh: frozenset[str]) -> Card:
    number, item = next((n, one) for n, one in enumerate(items, 1) if one.id not in found.answers)
    todo = tuple(f"{one.short}: {one.no}" for one in items if one.id in fresh and found.answers.get(one.id, ("",))[0] == "no")
    blocks = (
        *((Block("points", desk.say("visit.now"), todo),) if todo else ()),
        Block("say", item.ask),
        *((Block("note", _progress(desk, found, items)),) if found.answers else ()),
    )
    mark = f"tick {found.id} {item.id}"
    answers = (
        desk.button("yes", f"{mark} yes", style="primary", hint=item.ask),
        desk.button("no", f"{mark} no", hint=item.ask),
        *(() if item.stop else (desk.button("na", f"{mark} na", hint=item.ask),)),
    )
    back = (desk.button("back", f"unanswer {found.id}"),) if found.answers else ()
    lacking = next((one for one in items if one.id in fresh and found.answers.get(one.id, ("",))[0] == "no"), None)
    log = (desk.button("log_it", f"logvisit {found.id} {lacking.id}"),) if lacking else ()
    buttons = (*answers, desk.button("why", f"why {item.standard}"), *back, *log)
    return Card(_title(desk, found, f"{number}/{len(items)}"), blocks, buttons, desk.say("visit.footer"))


def _stop_card(desk: Desk, found: VisitRecord, item: Item) -> Card:
    mark = f"tick {found.id} {item.id}"
    buttons = (
        desk.button("sorted", f"{mark} yes", style="primary"),
        desk.button("leave", f"leave {found.id}"),
        desk.button("why", f"why {item.standard}"),
    )
    return Card(desk.say("visit.stop_title", item=item.short), (Block("caution", item.no), Block("say", item.ask)), buttons)


def _ended(desk: Desk, found: VisitRecord, items: list[Item]) -> Card:
    checklist = own_checklists(desk.pack, desk.person.contract).get(found.checklist)
    good = sum(answer[0] in ("yes", "na") for answer in found.answers.values())
    gaps = {"done": good, "all": len(found.items)}
    lacking = tuple(f"{item.short}: {item.no}" for item in items if found.answers.get(item.id, ("",))[0] == "no")
    if found.state != visits.DONE:
        text = desk.say("visit.unfinished", done=len(found.answers), all=len(found.items))
        return Card(
            _title(desk, found, ""), (Block("say", text),), (desk.button("visit", "visit"), desk.button("themes", "themes"))
        )
    blocks = (
        Block("say", desk.say("visit.ready", **gaps)),
        *((Block("quote", checklist.ready),) if checklist else ()),
        *((Block("points", desk.say("visit.lacking"), lacking),) if lacking else ()),
    )
    recent = visits.places(desk.records, desk.person.tenant_id, desk.person.id) if found.place is None else []
    places = tuple(Button(place[:25], f"here {found.id} {place}", hint=desk.say("hint.place", place=place)) for place in recent)
    onward = (desk.button("leaving", f"visit leaving {found.place or ''}".strip()),) if found.checklist != "leaving" else ()
    buttons = (*onward, *places, desk.button("back", f"unanswer {found.id}"))
    return Card(
        _title(desk, found, desk.say("visit.ready_word")), blocks, buttons, desk.say("visit.place") if not found.place else ""
    )


def _progress(desk: Desk, found: VisitRecord, items: list[Item]) -> str:
    """How far it is, in words."""
    told = ", ".join(f"{item.short} {LABELS[found.answers[item.id][0]]}" for item in items if item.id in found.answers)
    return desk.say("visit.progress", done=len(found.answers), all=len(items), told=told)


def _title(desk: Desk, found: VisitRecord, state: str) -> str:
    checklist = desk.pack.checklist_by_id.get(found.checklist)
    return " · ".join(part for part in (checklist.name if checklist else found.checklist, found.place or "", state) if part)[
        :150
    ]


def _items(desk: Desk, found: VisitRecord) -> list[Item]:
    """What was asked, in its order; an item that the pack has dropped since is left out."""
    checklist: Checklist | None = own_checklists(desk.pack, desk.person.contract).get(found.checklist)
    known = {item.id: item for item in checklist.items} if checklist else {}
    return [known[name] for name in found.items if name in known]


def _nothing(desk: Desk, text: str) -> Answer:
    return Answer(Card(desk.say("visit.title"), (Block("say", text),), (desk.button("visit", "visit"),)), place=False)


def lists(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`checklists`: every list, a button each."""
    found = own_checklists(desk.pack, desk.person.contract).values()
    buttons = tuple(Button(one.name[:25], f"visit {one.id}", hint=one.name) for one in found)
    return Answer(Card(desk.say("visit.lists"), (Block("say", desk.say("visit.lists_text")),), buttons))


def log_no(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`logvisit 12 works`: what a No leaves undone, as an issue at the visit's place."""
    found = visits.find(desk.records, desk.person.tenant_id, desk.person.id, int(args[0]))
    item = next((one for one in _items(desk, found) if one.id == args[1]), None) if found else None
    if found is None or item is None:
        return _nothing(desk, desk.say("visit.gone"))
    code = AFTER if found.checklist == "leaving" else BEFORE
    return issues.from_visit(desk, code, desk.say("visit.logged", item=item.short, ask=item.ask), found.place)


def nudge(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`nudge P12 14 Elm Court`: a supervisor asks somebody for a check at a job, outside their quiet hours."""
    if not may(desk.person.roles, "ask for a check"):
        return refused(desk, "ask for a check")
    who = int(args[0].upper().removeprefix("P"))
    if all(one.id != who for one in roster.members(desk.records, desk.person.tenant_id, reach(desk.person).contracts)):
        return _nothing(desk, desk.say("issue.no_person", code=f"P{who}"))
    if Hours.of(desk.person, desk.now).is_quiet():
        return _nothing(desk, desk.say("visit.quiet"))
    place = " ".join(args[1:])
    card = Card(
        desk.say("visit.asked_title"),
        (Block("say", desk.say("visit.asked", place=place) if place else desk.say("visit.asked_bare")),),
        (desk.button("visit", f"visit {place}".strip(), style="primary"),),
    )
    desk.notices.append(Notice(who, f"ask-{desk.today:%m%d}", card, "checklists"))
    return _nothing(desk, desk.say("visit.asked_done", code=f"P{who}"))


def coverage(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`checks`: how many visits had a check this week, by team and by item; nobody's name."""
    if not may(desk.person.roles, "see visit figures"):
        return refused(desk, "see visit figures")
    found = visits.rates(
        desk.records,
        desk.person.tenant_id,
        reach(desk.person).contracts,
        desk.now - timedelta(days=int(args[0]) if args else 7),
    )
    if not found.visits:
        return Answer(
            Card(desk.say("checks.title"), (Block("say", desk.say("checks.none")),), (desk.button("themes", "themes"),))
        )
    teams = tuple(
        desk.say("checks.team", team=team or desk.say("checks.no_team"), done=done, begun=begun)
        for team, (begun, done) in sorted(found.by_team.items())
    )
    lacking = sorted(found.by_item.items(), key=lambda pair: -(pair[1].get("no", 0) + pair[1].get("skip", 0)))
    shorts = {(one.id, item.id): item.short for one in desk.pack.checklists for item in one.items}
    items = tuple(
        desk.say("checks.item", item=shorts.get(key, key[1]), no=counts.get("no", 0), skip=counts.get("skip", 0))
        for key, counts in lacking[:4]
        if counts.get("no", 0) + counts.get("skip", 0)
    )
    blocks = (
        Block("say", desk.say("checks.text", begun=found.visits, done=found.done)),
        Block("points", items=teams[:8]),
        *((Block("points", desk.say("checks.items"), items),) if items else ()),
        *((Block("note", desk.say("checks.fast", count=found.too_fast)),) if found.too_fast else ()),
    )
    return Answer(Card(desk.say("checks.title"), blocks, (desk.button("themes", "themes"),)))


VERBS: Verbs = {
    "visit": visit,
    "tick": tick,
    "unanswer": unanswer,
    "here": here,
    "leave": leave,
    "checklists": lists,
    "checks": coverage,
    "logvisit": log_no,
    "nudge": nudge,
}
