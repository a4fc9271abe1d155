"""Hello, help and thanks, and the card on the app's home screen."""

from bot.desk import Desk
from bot.reply import Block, Button, Card, label
from bot.skills.vocabulary import Answer, Verbs
from storage import roster


def _starts(desk: Desk) -> tuple[Button, ...]:
    return (
        desk.button("themes", "themes", style="primary"),
        desk.button("numbers", "numbers"),
        desk.button("help", "help"),
    )


def welcome(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`welcome`: who the bot is and three things to try."""
    tries = tuple(desk.say(name) for name in ("welcome.try_question", "welcome.try_id", "welcome.try_danger"))
    blocks = (Block("say", desk.say("welcome.text")), Block("points", desk.say("welcome.try"), tries))
    pick = (desk.button("team", "team"),) if may_pick(desk) else ()
    return Answer(Card(desk.say("welcome.title"), blocks, (*pick, *_starts(desk)), desk.pack.about.about))


def may_pick(desk: Desk) -> bool:
    """Somebody new is asked for their team where there are any."""
    return desk.person.contract is None and bool(roster.every_team(desk.records, desk.person.tenant_id))


def help_(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`help`: what can be asked and typed."""
    lines = tuple(desk.say(name) for name in ("help.danger", "help.question", "help.id", "help.visit", "help.log", "help.quiz"))
    repair = tuple(desk.say(name) for name in ("help.browse", "help.date", "help.repair", "help.trainer"))
    buttons = (
        desk.button("visit", "visit", style="primary"),
        desk.button("log", "report new", form=True),
        desk.button("my_issues", "issues mine"),
        desk.button("themes", "themes"),
        desk.button("numbers", "numbers"),
        desk.button("about", "about"),
        desk.button("trainer", "trainer new", form=True),
    )
    return Answer(Card(desk.say("help.title"), (Block("points", items=lines), Block("points", items=repair)), buttons))


def thanks(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`thanks`"""
    return Answer(
        Card(desk.say("thanks.title"), (Block("say", desk.say("thanks.text")),), (desk.button("themes", "themes"),)),
        place=False,
    )


def home(desk: Desk) -> Card:
    """The app's home screen: browse, ring, ask."""
    themes = tuple(Button(label(theme.name), f"theme {theme.id}", hint=theme.name) for theme in desk.pack.themes)
    blocks = (
        Block("say", desk.say("welcome.text")),
        Block("points", desk.say("welcome.try"), (desk.say("welcome.try_question"), desk.say("welcome.try_id"))),
        Block("note", desk.say("numbers.gas")),
    )
    return Card(
        desk.say("home.title"),
        blocks,
        (*themes, desk.button("numbers", "numbers"), desk.button("help", "help")),
        desk.pack.about.about,
    )


VERBS: Verbs = {"welcome": welcome, "help": help_, "thanks": thanks}
