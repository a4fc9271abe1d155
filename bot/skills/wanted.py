"""What a message wants, and the skill that does it; a question has none here."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.desk import Desk
from bot.permissions import may
from bot.reply import Block, Card
from bot.skills import issues, picture, register, safety, tips, visits, welcome
from bot.skills.vocabulary import Answer
from bot.understanding.issue_words import Wanted, read_wanted
from bot.understanding.visit_words import read_start


def _picture(desk: Desk, text: str) -> Answer:
    """A list where the line narrows it down, else the day's picture; one's own issues for whom neither is."""
    if not may(desk.person.roles, "see summaries") and not may(desk.person.roles, "see issues"):
        return register.register(desk, ("mine", *text.split()))
    if not picture.names_team(desk, text) and read_wanted(text, desk.pack.categories) != Wanted():
        return register.register(desk, tuple(text.split()))
    return picture.summary(desk, tuple(text.split()))


def _take_back(desk: Desk, _: str) -> Answer | None:
    """Words that sound like an undo, but aren't clearly one: it is offered, not done. None where nothing can be taken back."""
    if not desk.dialogue.undo:
        return None
    buttons = (desk.button("undo", "undo", style="primary"), desk.button("carry_on", "repeat"))
    return Answer(Card(desk.say("undo.title"), (Block("say", desk.say("undo.offer")),), buttons), place=False)


DOES: Mapping[str, Callable[[Desk, str], Answer | None]] = {
    "checklist": lambda desk, text: visits.begin(desk, read_start(text, desk.pack.checklists)),
    "log": issues.log,
    "status": lambda desk, text: register.register(desk, ("mine", *text.split())),
    "summary": _picture,
    "tip": tips.wanted,
    "quiz": lambda desk, text: tips.quiz(desk, tuple(text.split())),
    "help": lambda desk, _: welcome.help_(desk, ()),
    "emergency": lambda desk, _: safety.numbers(desk, ()),
    "smalltalk": lambda desk, _: welcome.thanks(desk, ()),
    "undo": _take_back,
    "export": lambda desk, text: register.exports(desk, tuple(text.split())),
}


def by_intent(desk: Desk, wanted: str, text: str) -> Answer | None:
    """The answer to what is wanted. Words that come after a photo without words, or after "log a job", say what to log."""
    awaited = desk.dialogue.awaiting == issues.AWAITING
    if awaited:
        desk.dialogue = replace(desk.dialogue, awaiting=None)
    if does := DOES.get(wanted):
        return does(desk, text)
    return issues.log(desk, text) if (awaited or desk.dialogue.photos) and not text.strip().endswith("?") else None
