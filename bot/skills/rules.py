"""Answers from the reference: a rule in one line, what to do now, the facts behind it, and the standard it belongs to."""

from bot.desk import Desk
from bot.reply import Block, Button, Card
from bot.skills.facts import fact_line, source_card
from bot.skills.vocabulary import Answer, Verbs
from content import Entry


def _entry(desk: Desk, args: tuple[str, ...]) -> Entry:
    return desk.pack.entry_by_id[args[0]]


def _footer(desk: Desk, entry: Entry) -> str:
    return desk.say("rule.footer", id=entry.standard, title=desk.pack.by_id[entry.standard.upper()].title)


def front(desk: Desk, entry: Entry, extra: tuple[Button, ...] = ()) -> Card:
    """The rule in one glance."""
    return Card(
        title=entry.title,
        blocks=(Block("say", entry.answer), Block("note", desk.say("rule.now", now=entry.now))),
        buttons=(
            desk.button("more", f"more {entry.id}", style="primary", hint=desk.say("hint.more", id=entry.title)),
            Button(entry.standard, f"standard {entry.standard}", hint=desk.pack.by_id[entry.standard.upper()].title),
            desk.button("source", f"source {entry.id}", hint=desk.say("hint.source", id=entry.title)),
            *extra,
        ),
        footer=_footer(desk, entry),
    )


def show(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`rule awaab-clocks`"""
    return Answer(front(desk, _entry(desk, args)))


def more(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`more awaab-clocks`: every fact, the unsettled ones marked as such."""
    entry = _entry(desk, args)
    lines = tuple(fact_line(desk, fact) for fact in entry.points)
    card = Card(
        title=entry.title,
        blocks=(Block("points", items=lines), Block("note", desk.say("rule.landlord"))),
        buttons=(
            desk.button("back", "back"),
            desk.button("source", f"source {entry.id}"),
            Button(entry.standard, f"standard {entry.standard}", hint=desk.pack.by_id[entry.standard.upper()].title),
        ),
        footer=_footer(desk, entry),
    )
    return Answer(card)


def source(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`source awaab-clocks`: where its facts come from and when they were checked."""
    entry = _entry(desk, args)
    return Answer(source_card(desk, entry.title, tuple(fact.source for fact in entry.points), _footer(desk, entry)))


VERBS: Verbs = {"rule": show}
