"""Questions in people's own words: quote, offer a choice, or say plainly that it isn't covered. And asking a trainer."""

from dataclasses import replace

from bot.desk import Desk
from bot.phrases import Phrases
from bot.reply import Block, Button, Card, Field
from bot.skills import rules, standards
from bot.skills.vocabulary import Answer, Forms, Verbs
from bot.understanding.reader import Match, Reading
from bot.understanding.words import key_of
from content import Language, Standard
from storage import questions, taught

AWAITING = "trainer"
LONGEST = 500
ASKED_WORDS = 4  # shorter lines that are refused aren't kept for the trainers


def ask(desk: Desk, text: str, hint: str | None) -> tuple[Answer, str]:
    """Answer a question; with the command that shows the same card again, which holds ids and none of the person's words.

    `hint` is the standard of a danger that the question may be about: it is quoted where the reader would refuse.
    """
    reading = _with_taught(desk, text, desk.read(text))
    near = tuple(match.id for match in reading.standards)
    desk.dialogue = replace(desk.dialogue, asked=text[:LONGEST])
    other = (desk.button("other", " ".join(("other", *near)), hint=desk.say("hint.other")),) if near else ()
    if reading.decision == "refuse" and hint and hint.upper() in desk.pack.by_id:
        return standards.show(desk, (hint,)), f"standard {hint}"
    if reading.decision == "refuse":
        if len(text.split()) >= ASKED_WORDS:
            questions.keep(desk.records, desk.person, text[:LONGEST], "refused", desk.now)
        return nearest(desk, near), " ".join(("nearest", *near))
    if reading.entry:
        return Answer(rules.front(desk, desk.pack.entry_by_id[reading.entry], other)), f"rule {reading.entry}"
    if reading.decision == "choose":
        return choose(desk, near), " ".join(("choose", *near))
    return Answer(standards.front(desk, desk.pack.by_id[near[0].upper()], other)), f"standard {near[0]}"


def _with_taught(desk: Desk, text: str, reading: Reading) -> Reading:
    """The reading, unless a trainer said what answers this question."""
    known = taught.find(desk.records, desk.person.tenant_id, key_of(text))
    if known is None:
        return reading
    if known.upper() not in desk.pack.by_id:
        return Reading("refuse", reading.standards)
    others = tuple(match for match in reading.standards if match.id != known)
    return Reading("answer", (Match(known, 1.0), *others[:2]))


def in_another_language(desk: Desk, text: str, language: Language) -> Answer:
    """A polite line in the person's language, the nearest standards, and the rule on interpreters."""
    near = tuple(match.id for match in desk.read(text).standards)
    found = _found(desk, near)
    rule = (desk.button("interpreter", "rule interpreters"),) if "interpreters" in desk.pack.entry_by_id else ()
    blocks = (Block("say", language.line), Block("say", desk.say("language.text", name=language.name)), *_list(found))
    card = Card(desk.say("language.title"), blocks, (*_picks(found), *rule, desk.button("numbers", "numbers")))
    return Answer(card, at=" ".join(("nearest", *near)))


def _found(desk: Desk, args: tuple[str, ...]) -> list[Standard]:
    return [desk.pack.by_id[identity.upper()] for identity in args if identity.upper() in desk.pack.by_id]


def _list(found: list[Standard]) -> tuple[Block, ...]:
    return (Block("points", items=tuple(f"{standard.id} · {standard.title}" for standard in found)),) if found else ()


def _picks(found: list[Standard]) -> tuple[Button, ...]:
    return tuple(Button(standard.id, f"standard {standard.id}", hint=standard.title) for standard in found)


def with_standard(desk: Desk, answer: Answer, identity: str) -> Answer:
    """The answer with a button for the standard that may have been asked about instead."""
    if (standard := desk.pack.by_id.get(identity.upper())) is None:
        return answer
    says = Button(desk.say("button.what_says", id=standard.id), f"standard {standard.id}", hint=standard.title)
    return replace(answer, card=replace(answer.card, buttons=(*answer.card.buttons, says)))


def choose(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`choose RR2 RR1 EE1`: it could be one of these."""
    found = _found(desk, args)
    buttons = (*_picks(found), desk.button("none", " ".join(("nearest", *args))))
    return Answer(Card(desk.say("choose.title"), (Block("say", desk.say("choose.text")), *_list(found)), buttons))


def nearest(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`nearest RR2 RR1 EE1`: not covered; the nearest ones, and a person to ask."""
    found = _found(desk, args)
    buttons = (*_picks(found), desk.button("trainer", "trainer"), desk.button("themes", "themes"))
    blocks = (Block("say", desk.say("refuse.text" if found else "refuse.bare")), *_list(found))
    return Answer(Card(desk.say("refuse.title"), blocks, buttons))


def other(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`other RR2 RR1 EE1`: the first wasn't it; the next ones, and a trainer."""
    if desk.dialogue.asked:
        questions.keep(desk.records, desk.person, desk.dialogue.asked, "wrong-answer", desk.now)
    found = _found(desk, args[1:])
    buttons = (*_picks(found), desk.button("trainer", "trainer"), desk.button("themes", "themes"))
    return Answer(Card(desk.say("other.title"), (Block("say", desk.say("other.text")), *_list(found)), buttons))


def trainer(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`trainer`: pass the last question on, or ask for one. `trainer new` always asks; `trainer say …` keeps what follows."""
    if args[:1] == ("say",):
        return keep(desk, " ".join(args[1:]))
    if desk.dialogue.asked and not args:
        return keep(desk, desk.dialogue.asked)
    desk.dialogue = replace(desk.dialogue, awaiting=AWAITING)
    return waiting(desk)


def waiting(desk: Desk) -> Answer:
    """The open question of this skill; asked again after an interruption."""
    card = form(desk.phrases)
    return Answer(replace(card, buttons=(*card.buttons, desk.button("cancel", "cancel"))), place=False)


def form(phrases: Phrases) -> Card:
    """The question as a form; needs nothing but the pack, because a platform may open it as a dialog in no time."""
    field = Field("question", phrases("trainer.field"), phrases("trainer.example"), LONGEST)
    send = Button(phrases("button.send"), "ask a trainer: {question}", "primary")
    blocks = (Block("say", phrases("trainer.ask_text")),)
    return Card(phrases("trainer.ask_title"), blocks, (send,), fields=(field,))


def keep(desk: Desk, text: str) -> Answer:
    """Keep a question for the trainers."""
    identity = questions.keep(desk.records, desk.person, text[:LONGEST], "asked", desk.now)
    desk.dialogue = replace(desk.dialogue, awaiting=None, asked=None, undo=f"question {identity}")
    buttons = (desk.button("undo", "undo"), desk.button("themes", "themes"))
    blocks = (Block("quote", text[:LONGEST]), Block("say", desk.say("trainer.kept_text")))
    return Answer(Card(desk.say("trainer.kept_title"), blocks, buttons), place=False)


def take_back(desk: Desk, identity: int) -> Answer:
    """Undo of `keep`."""
    done = questions.withdraw(desk.records, desk.person, identity)
    text = desk.say("undo.question" if done else "undo.gone")
    return Answer(Card(desk.say("undo.title"), (Block("say", text),), (desk.button("carry_on", "repeat"),)), place=False)


def more_button(desk: Desk, danger_id: str, title: str) -> Button:
    """The button that a caution adds to a normal answer."""
    return Button(desk.say("button.danger"), f"card {danger_id}", "danger", title)


FORMS: Forms = {"trainer new": form}
VERBS: Verbs = {"choose": choose, "nearest": nearest, "other": other, "trainer": trainer}
