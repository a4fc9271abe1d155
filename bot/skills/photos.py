"""Photos of an issue: hung on it as they come, shown to whoever may see it, told apart as before and after the work.

Bytes never come here: a card names photos by id, and the platform that shows it fetches them from the file store.
"""

import re
from dataclasses import replace

from bot.desk import Desk
from bot.permissions import may
from bot.references import reference
from bot.reply import Block, Button, Card, Reply, label
from bot.skills.issue_card import named, on_screen, plain, when
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from storage import issues, photos
from storage.issues import IssueRecord
from storage.photos import Shown

A_PAGE = 2
WORK_DONE = frozenset({"fixed", "resident told", "closed"})
_AFTER = re.compile(r"(?i)\b(?:after(?:wards)?|done|finished|fixed|sorted|mended|completed?|all good now)\b")


def beside(desk: Desk, reply: Reply) -> Reply:
    """A line under the answer to the words that photos came with: what became of them."""
    if not reply.posts:
        return reply
    unplaced = desk.say("photo.lost") if desk.turn.lost else desk.say("photo.kept")
    issue = on_screen(desk) if desk.turn.photos else None
    line = hang(desk, issue) if issue else unplaced
    first = reply.posts[0]
    card = replace(first.card, blocks=(*first.card.blocks, Block("note", line)))
    return replace(reply, posts=(replace(first, card=card), *reply.posts[1:]))


def hang(desk: Desk, issue: IssueRecord) -> str:
    """Hang what came, and what waited for a word, on the issue: what to say of it; empty when there was nothing."""
    waiting = (*desk.dialogue.photos, *desk.turn.photos)
    after = issue.state in WORK_DONE or (bool(_AFTER.search(desk.turn.text)) and issue.state != "new")
    hung = issues.attach(desk.records, issue, waiting, after=after) if waiting else 0
    if hung:
        issues.happened(desk.records, issue, desk.person.id, "photo", f"{hung} {'after' if after else 'before'}", desk.now)
    desk.dialogue = replace(desk.dialogue, photos=())
    desk.turn = replace(desk.turn, photos=())
    if not hung:
        return ""
    return desk.say("issue.photo_after" if after else "issue.photo_added", ref=reference(issue.number))


def show(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`photos OAK-27 2`: the second page of its photos, two a page, each with who took it and when."""
    issue = named(desk, args[0])
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    ref, found = reference(issue.number), photos.of_issue(desk.records, issue.id)
    back = Button(label(desk.say("button.show_issue", ref=ref)), f"issue {ref}")
    if not found:
        return Answer(Card(desk.say("photos.title", ref=ref), (Block("say", desk.say("photos.none")),), (back,)), place=False)
    pages = -(-len(found) // A_PAGE)
    page = min(int(args[1]), pages) if len(args) > 1 and args[1].isdigit() and args[1] != "0" else 1
    shown = list(enumerate(found, 1))[(page - 1) * A_PAGE : page * A_PAGE]
    blocks = tuple(Block("photo", _caption(desk, number, photo), (photo.id,)) for number, photo in shown)
    buttons = [_turned(desk, ref, number, photo) for number, photo in shown if _may_mark(desk, issue, photo)]
    if pages > 1:
        buttons.append(desk.button("more_photos", f"photos {ref} {page % pages + 1}"))
    title = desk.say("photos.title", ref=ref)
    footer = desk.say("photos.page", page=page, pages=pages) if pages > 1 else ""
    return Answer(Card(title, blocks, (*buttons, back), footer), at=f"photos {ref} {page}")


def _caption(desk: Desk, number: int, photo: Shown) -> str:
    stage = desk.say("photos.after" if photo.after else "photos.before")
    return desk.say("photos.caption", number=number, stage=stage, code=f"P{photo.person_id}", when=when(desk, photo.taken_at))


def _turned(desk: Desk, ref: str, number: int, photo: Shown) -> Button:
    """The button that says a photo is of the other kind."""
    name = "button.photo_before" if photo.after else "button.photo_after"
    return Button(desk.say(name, number=number), f"mark {ref} {number} {'before' if photo.after else 'after'}")


def _may_mark(desk: Desk, issue: IssueRecord, photo: Shown) -> bool:
    return desk.person.id in (photo.person_id, issue.owner_id) or may(desk.person.roles, "follow issues")


def mark(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`mark OAK-27 2 after`: the second photo shows the place after the work."""
    issue = named(desk, args[0], lock=True)
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    found, number = photos.of_issue(desk.records, issue.id), int(args[1])
    if not 1 <= number <= len(found):
        return show(desk, args[:1])
    photo, after = found[number - 1], args[2] == "after"
    if not _may_mark(desk, issue, photo):
        return refused(desk, "follow issues")
    if photo.after != after:
        photos.mark(desk.records, issue.id, photo.id, after=after)
        issues.happened(desk.records, issue, desk.person.id, "photo", f"{number} is {args[2]}", desk.now)
    return show(desk, (args[0], str((number - 1) // A_PAGE + 1)))


VERBS: Verbs = {"photos": show, "mark": mark}
