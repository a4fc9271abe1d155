"""How facts and their sources are shown: an unsettled fact says so first, a source says when it was checked."""

from bot.desk import Desk
from bot.phrases import spoken_date
from bot.reply import Block, Card
from content import Fact


def fact_line(desk: Desk, fact: Fact) -> str:
    """A fact as it is shown."""
    return desk.say("fact.unsure", fact=fact.fact) if fact.unsure else fact.fact


def source_card(desk: Desk, title: str, sources: tuple[str, ...], footer: str) -> Card:
    """The sources with the days on which they were checked and will be again, and what the pack itself is."""
    found = [desk.pack.sources[name] for name in dict.fromkeys(sources)]
    lines = tuple(
        desk.say(
            "source.line",
            name=one.name,
            where=one.where,
            checked=spoken_date(one.checked),
            review=spoken_date(one.review),
        )
        for one in found
    )
    blocks = (Block("points", items=lines), Block("note", desk.pack.about.about))
    return Card(desk.say("source.title", title=title), blocks, (desk.button("back", "back"),), footer)
