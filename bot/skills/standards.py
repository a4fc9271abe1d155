"""Quotes the standards: by id, by theme, by browsing, and the pieces of one (more, why, say it, source, related, earlier)."""

from datetime import date

from bot.desk import Desk
from bot.phrases import spoken_date
from bot.reply import Block, Button, Card, label
from bot.skills import rules
from bot.skills.facts import fact_line, source_card
from bot.skills.vocabulary import Answer, Verbs
from content import Standard


def _standard(desk: Desk, args: tuple[str, ...]) -> Standard:
    return desk.pack.by_id[args[0].upper()]


def _footer(desk: Desk, standard: Standard) -> str:
    theme = desk.pack.theme_by_id[standard.theme.upper()]
    return desk.say("standard.footer", id=standard.id, theme=theme.name, version=standard.version, pack=desk.pack.about.name)


def _title(standard: Standard) -> str:
    return f"{standard.id} · {standard.title}"


def front(desk: Desk, standard: Standard, extra: tuple[Button, ...] = ()) -> Card:
    """The standard in one glance: its statement, quoted, and the sentence to say."""
    buttons = (
        desk.button("more", f"more {standard.id}", style="primary", hint=desk.say("hint.more", id=standard.id)),
        desk.button("say", f"say {standard.id}", hint=desk.say("hint.say", id=standard.id)),
        desk.button("why", f"why {standard.id}", hint=desk.say("hint.why", id=standard.id)),
    )
    return Card(
        title=_title(standard),
        blocks=(
            Block("quote", standard.statement),
            Block("do", items=standard.do[:2]),
            Block("dont", items=standard.dont[:1]),
        ),
        buttons=(*buttons, *extra),
        footer=_footer(desk, standard),
    )


def show(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`standard RR2`"""
    standard = _standard(desk, args)
    extra = (
        desk.button("theme", f"theme {standard.theme}", hint=desk.pack.theme_by_id[standard.theme.upper()].name),
        desk.button("related", f"related {standard.id}", hint=desk.say("hint.related", id=standard.id)),
    )
    return Answer(front(desk, standard, extra))


def more(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`more RR2`: every do and don't."""
    if args[0] in desk.pack.entry_by_id:
        return rules.more(desk, args)
    standard = _standard(desk, args)
    card = Card(
        title=_title(standard),
        blocks=(
            Block("do", items=standard.do),
            Block("dont", items=standard.dont),
            Block("note", desk.say("standard.culture", culture=standard.culture)),
        ),
        buttons=(
            desk.button("back", "back"),
            desk.button("source", f"source {standard.id}", hint=desk.say("hint.source", id=standard.id)),
            desk.button("related", f"related {standard.id}", hint=desk.say("hint.related", id=standard.id)),
        ),
        footer=_footer(desk, standard),
    )
    return Answer(card)


def why(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`why RR2`: the culture behind it and who looks at it."""
    if args[0] in desk.pack.entry_by_id:
        return rules.more(desk, args)
    standard = _standard(desk, args)
    points = tuple(fact_line(desk, fact) for fact in standard.sight)
    card = Card(
        title=desk.say("why.title", id=standard.id, title=standard.title),
        blocks=(Block("say", standard.culture), Block("points", desk.say("why.sight"), points)),
        buttons=(
            desk.button("back", "back"),
            desk.button("source", f"source {standard.id}"),
            desk.button("say", f"say {standard.id}"),
        ),
        footer=_footer(desk, standard),
    )
    return Answer(card)


def say(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`say RR2`: one sentence for the doorstep."""
    if args[0] in desk.pack.entry_by_id:
        return rules.show(desk, args)
    standard = _standard(desk, args)
    card = Card(
        title=desk.say("say.title", id=standard.id),
        blocks=(Block("quote", standard.say),),
        buttons=(
            desk.button("back", "back"),
            desk.button("more", f"more {standard.id}"),
            desk.button("why", f"why {standard.id}"),
        ),
        footer=_footer(desk, standard),
    )
    return Answer(card)


def source(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`source RR2`: where its facts come from and when they were checked."""
    if args[0] in desk.pack.entry_by_id:
        return rules.source(desk, args)
    standard = _standard(desk, args)
    sources = tuple(fact.source for fact in standard.sight)
    return Answer(source_card(desk, _title(standard), sources, _footer(desk, standard)))


def related(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`related RR2`: its neighbours, a button each."""
    if args[0] in desk.pack.entry_by_id:
        return show(desk, (desk.pack.entry_by_id[args[0]].standard,))
    standard = _standard(desk, args)
    near = [desk.pack.by_id[identity.upper()] for identity in standard.related]
    card = Card(
        title=desk.say("related.title", id=standard.id),
        blocks=(Block("points", items=tuple(_title(other) for other in near)),)
        if near
        else (Block("say", desk.say("related.none")),),
        buttons=(
            *(Button(other.id, f"standard {other.id}", hint=other.title) for other in near),
            desk.button("back", "back"),
        ),
        footer=_footer(desk, standard),
    )
    return Answer(card)


def wording(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`wording RR2 2026-03-03`: how it read on that day."""
    standard, day = _standard(desk, args), date.fromisoformat(args[1])
    gaps = {"id": standard.id, "day": spoken_date(day)}
    buttons = (Button(desk.say("button.today"), f"standard {standard.id}"),)
    text = standard.on(day)
    if day > desk.today:
        return Answer(Card(desk.say("wording.title", **gaps), (Block("say", desk.say("wording.future")),), buttons))
    if text is None:
        first = desk.say("wording.none", since=spoken_date(standard.first_since()), **gaps)
        return Answer(Card(desk.say("wording.title", **gaps), (Block("say", first),), buttons))
    state = "wording.same" if text is standard else "wording.changed"
    blocks = (
        Block("quote", text.statement),
        Block("do", items=text.do),
        Block("dont", items=text.dont),
        Block("note", desk.say(state, since=spoken_date(text.since), version=text.version)),
    )
    return Answer(Card(f"{desk.say('wording.title', **gaps)}: {text.title}"[:150], blocks, buttons, _footer(desk, standard)))


def themes(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`themes`: the whole set, to browse without typing."""
    pack = desk.pack
    lines = tuple(f"{theme.name}: {theme.promise}" for theme in pack.themes)
    card = Card(
        title=desk.say("themes.title", standards=len(pack.standards), themes=len(pack.themes)),
        blocks=(Block("points", items=lines),),
        buttons=tuple(Button(label(theme.name), f"theme {theme.id}", hint=theme.name) for theme in pack.themes),
        footer=desk.say("themes.footer", pack=pack.about.name, version=pack.about.version),
    )
    return Answer(card)


def theme(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`theme RR`: its promise and its standards, a button each."""
    found = desk.pack.theme_by_id[args[0].upper()]
    standards = desk.pack.under(found)
    card = Card(
        title=found.name,
        blocks=(
            Block("say", found.promise),
            Block("points", items=tuple(_title(standard) for standard in standards)),
            Block("note", desk.say("standard.culture", culture=found.culture)),
        ),
        buttons=(*(Button(s.id, f"standard {s.id}", hint=s.title) for s in standards), desk.button("themes", "themes")),
        footer=desk.say("themes.footer", pack=desk.pack.about.name, version=desk.pack.about.version),
    )
    return Answer(card)


def culture(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`culture`: the thread through every theme, not one standard."""
    lines = tuple(f"{theme.name}: {theme.culture}" for theme in desk.pack.themes)
    blocks = (Block("quote", desk.pack.about.culture), Block("points", items=lines))
    return Answer(Card(desk.say("culture.title"), blocks, (desk.button("themes", "themes"),)))


def about(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`about`: what this set is, and what it is not."""
    pack = desk.pack.about
    gaps = {"version": pack.version, "published": spoken_date(pack.published), "hash": desk.pack.hash[:12]}
    blocks = (Block("say", pack.about), Block("note", desk.say("about.version", **gaps)))
    return Answer(Card(pack.name, blocks, (desk.button("themes", "themes"),)))


VERBS: Verbs = {
    "standard": show,
    "more": more,
    "why": why,
    "say": say,
    "source": source,
    "related": related,
    "wording": wording,
    "themes": themes,
    "theme": theme,
    "culture": culture,
    "about": about,
}
