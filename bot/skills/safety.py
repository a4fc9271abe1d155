"""Life-safety cards. They come before everything and interrupt anything; nothing here reads or writes a record."""

from dataclasses import replace

from bot.desk import Desk
from bot.phrases import Phrases
from bot.reply import Block, Button, Card, label
from bot.skills.vocabulary import Answer, Verbs
from content import Call, SafetyCard

ADULT = 18


def card_of(phrases: Phrases, danger: SafetyCard, others: tuple[SafetyCard, ...] = (), near: tuple[str, ...] = ()) -> Card:
    """The card as it is sent at once. Needs nothing but the pack, so it works with the database down.

    `near` are the standards that the message may have asked about, for when it was no danger.
    """
    also = tuple(Block("caution", other.caution) for other in others[:1])
    buttons = (
        Button(
            phrases("button.card_more"),
            f"card {danger.id} more",
            "primary",
            phrases("hint.card_more", title=danger.title),
        ),
        Button(
            phrases("button.not_danger"),
            " ".join(("notdanger", danger.id, *near)),
            hint=phrases("hint.not_danger", title=danger.title),
        ),
    )
    first = Block("points", items=danger.first)
    return Card(danger.title, (first, *also), buttons, phrases("safety.footer"), urgent=True)


def show(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`card GAS`, or `card GAS more` for the rest of it with the numbers."""
    danger = desk.pack.card_by_id[args[0]]
    if "more" not in args[1:]:
        return Answer(replace(card_of(desk.phrases, danger), urgent=False))
    calls = (*(_call(desk, call) for call in danger.call), *own_numbers(desk, danger.id))
    blocks = (
        Block("points", items=danger.more),
        *((Block("points", desk.say("safety.ring"), calls),) if calls else ()),
    )
    standard = (Button(danger.standard, f"standard {danger.standard}"),) if danger.standard else ()
    buttons = (
        Button(desk.say("button.card_first"), f"card {danger.id}", "primary"),
        *standard,
        desk.button("carry_on", "repeat"),
    )
    return Answer(Card(danger.title, blocks, buttons, desk.say("safety.footer")), place=False)


PEOPLE_AT_RISK = frozenset({"ABUSE", "CHILD", "SELFHARM"})


def own_numbers(desk: Desk, danger_id: str) -> tuple[str, ...]:
    """The contract's own numbers, beside the national ones; for a child alone, its age of an adult, too."""
    own = desk.person.contract
    if own is None:
        return ()
    lines = []
    if danger_id == "CHILD" and own.adult_age != ADULT:
        lines.append(desk.say("contract.adult", value=own.adult_age))
    if own.safeguarding_phone and danger_id in PEOPLE_AT_RISK:
        lines.append(desk.say("numbers.safeguarding", phone=own.safeguarding_phone))
    if own.emergency_phone:
        lines.append(desk.say("numbers.contract", landlord=own.landlord or own.name, phone=own.emergency_phone))
    return tuple(lines)


def _call(desk: Desk, call: Call) -> str:
    """A number with whose it is; one that nobody has checked says so."""
    line = f"{call.name}: {call.number}"
    return desk.say("fact.unsure", fact=line) if call.unsure else line


def not_danger(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`notdanger GAS RR5`: the person says it isn't. Believed; what they may have asked about, and the card, are a tap away."""
    danger = desk.pack.card_by_id[args[0]]
    near = [desk.pack.by_id[identity.upper()] for identity in args[1:] if identity.upper() in desk.pack.by_id]
    buttons = (
        *(Button(one.id, f"standard {one.id}", hint=one.title) for one in near),
        desk.button("carry_on", "repeat", style="primary"),
        Button(desk.say("button.card_first"), f"card {danger.id}", hint=danger.title),
        desk.button("trainer", "trainer"),
    )
    asked = tuple(f"{one.id} · {one.title}" for one in near)
    blocks = (
        Block("say", desk.say("not_danger.text")),
        *((Block("points", desk.say("not_danger.near"), asked),) if asked else ()),
    )
    return Answer(Card(desk.say("not_danger.title"), blocks, buttons), place=False)


def numbers(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`numbers`: who to ring, and every safety card a tap away."""
    lines = tuple(desk.say(name) for name in ("numbers.999", "numbers.gas", "numbers.power"))
    own = desk.person.contract
    if own and own.emergency_phone:
        lines = (desk.say("numbers.contract", landlord=own.landlord or own.name, phone=own.emergency_phone), *lines)
    buttons = tuple(Button(label(card.title), f"card {card.id}", hint=card.title) for card in desk.pack.cards)
    return Answer(Card(desk.say("numbers.title"), (Block("points", items=lines),), buttons))


VERBS: Verbs = {"card": show, "notdanger": not_danger, "numbers": numbers}
