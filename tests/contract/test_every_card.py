"""Every card that the shipped pack can make: in order everywhere, fit for a phone, and each button leads somewhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import render
from adapters.teams.cards import LARGEST, activity
from bot.desk import Desk
from bot.dialogue import Dialogue
from bot.engine import HANDLERS, REPAIR, Engine
from bot.plain import plain
from bot.receipt import fold
from bot.reply import Block, Button, Card, Issued
from bot.skills import questions, safety, welcome
from bot.turn import Turn
from bot.understanding.shorthand import Command
from content import Pack
from storage.people import ContractRecord, PersonRecord
from tests.fakes.slack import strict
from tests.fakes.teams import card_of, faults_of
from tests.unit.test_storage import NOW

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def desk(engine: Engine) -> Desk:
    contract = ContractRecord(1, "North", "North Homes", "01632 960 123", "01632 960 124", 18)
    person = PersonRecord(1, 1, "Europe/London", NOW, ("operative",), contract)
    turn = Turn("slack", "T1", "U1", "dm:U1", "E1", NOW)
    nothing: Any = None
    return Desk(engine.pack, engine.phrases, engine.reader, engine.reporter, turn, person, NOW, nothing, Dialogue())


def commands(pack: Pack) -> Iterator[str]:
    yield from ("themes", "culture", "about", "help", "welcome", "thanks", "numbers", "nearest")
    yield from (f"theme {theme.id}" for theme in pack.themes)
    for standard in pack.standards:
        yield from (f"{verb} {standard.id}" for verb in ("standard", "more", "why", "say", "source", "related"))
        yield from (f"wording {standard.id} {day}" for day in ("2026-03-03", "2026-11-23", "2030-01-01"))
    for entry in pack.entries:
        yield from (f"{verb} {entry.id}" for verb in ("rule", "more", "source", "why", "say", "related"))
    for card in pack.cards:
        yield from (f"card {card.id}", f"card {card.id} more", f"notdanger {card.id}")
    ids = [standard.id for standard in pack.standards]
    yield from (f"{verb} {ids[0]} {ids[1]} {ids[2]}" for verb in ("choose", "nearest", "other"))


def every_card(desk: Desk) -> Iterator[tuple[str, Card]]:
    for text in commands(desk.pack):
        command = Command.parse(text)
        yield text, HANDLERS[command.verb](desk, command.args).card
    for danger in desk.pack.cards:
        yield f"fired {danger.id}", safety.card_of(desk.phrases, danger, desk.pack.cards[:1])
    yield "home", welcome.home(desk)
    yield "waiting", questions.waiting(desk).card


def test_every_card_is_in_order_on_every_rung_and_fits_a_phone(desk: Desk) -> None:
    seen = 0
    for name, card in every_card(desk):
        seen += 1
        for rung in (0, 1, 2):
            text, blocks = render(Issued(card, "cardid123456", 1), rung)
            assert strict(blocks) == [], name
            assert len(text) <= 3900, name
            message = activity(Issued(card, "cardid123456", 1), rung)
            assert message["summary"], name
            assert rung == 2 or faults_of(card_of(message)) == [], name
        assert len(plain(card)) <= 1500, name
        assert len(card.headline) <= 150, name
        assert len(card.title) <= 100, name
    assert seen > 500


def test_every_button_leads_somewhere_and_fits(desk: Desk) -> None:
    for name, card in every_card(desk):
        says = [button.says for button in card.buttons]
        assert len(says) == len(set(says)), name
        for button in card.buttons:
            assert len(button.label) <= 25, (name, button.label)
            assert len(button.hint) <= 75, (name, button.hint)
            assert button.fills or button.says.split()[0] in HANDLERS.keys() | REPAIR, (name, button.says)


def test_no_unsettled_fact_is_shown_without_saying_so(desk: Desk, pack: Pack) -> None:
    facts = [(f"more {entry.id}", fact) for entry in pack.entries for fact in entry.points]
    facts += [(f"why {standard.id}", fact) for standard in pack.standards for fact in standard.sight]
    unsure = [(where, fact) for where, fact in facts if fact.unsure]
    assert len(unsure) >= 10
    for where, fact in unsure:
        command = Command.parse(where)
        lines = plain(HANDLERS[command.verb](desk, command.args).card).splitlines()
        assert all("Not settled" in line for line in lines if fact.fact in line), fact.fact


GOLDEN_CARDS = {
    "standard": "standard RR2",
    "more": "more RR2",
    "rule": "more awaab-clocks",
    "themes": "themes",
    "refused": "nearest RR2 RR4 CE1",
    "danger": "card GAS",
    "danger-more": "card ABUSE more",
}


@pytest.mark.parametrize("name", [*GOLDEN_CARDS, "home", "form", "receipt"])
def test_cards_look_as_they_were_approved(desk: Desk, name: str, request: pytest.FixtureRequest) -> None:
    """`pytest --approve` writes the files anew; look at the difference before you commit it."""
    if name == "home":
        card = welcome.home(desk)
    elif name == "form":
        card = questions.waiting(desk).card
    elif name == "receipt":
        card = fold(desk.phrases, [HANDLERS["standard"](desk, (one,)).card for one in ("RR1", "RR2", "RR3")])
    else:
        command = Command.parse(GOLDEN_CARDS[name])
        card = HANDLERS[command.verb](desk, command.args).card
    text, blocks = render(Issued(card, "card", 1), 0)
    slack = {"text": text, "plain": plain(card), "blocks": blocks}
    for platform, looks in (("slack", slack), ("teams", activity(Issued(card, "card", 1), 0))):
        made = json.dumps(looks, indent=1, ensure_ascii=False) + "\n"
        path = GOLDEN / f"{platform}-{name}.json"
        if request.config.getoption("--approve"):
            path.write_text(made)
        assert made == path.read_text()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=4_000), max_size=12), st.text(min_size=1, max_size=200), st.text(max_size=2_000))
def test_whatever_a_card_says_teams_takes_it(texts: list[str], title: str, footer: str) -> None:
    blocks = tuple(Block("say", text) for text in texts)
    card = Card(title, blocks, (Button("More", "more RR1"),), footer)
    for rung in (0, 1, 2):
        message = activity(Issued(card, "cardid123456", 1), rung)
        assert rung == 2 or len(json.dumps(card_of(message), ensure_ascii=False).encode()) <= LARGEST
        assert rung == 2 or actions_in(card_of(message)) == ["More"]


def actions_in(card: dict[str, Any]) -> list[str]:
    return [action["title"] for part in card["body"] if part["type"] == "ActionSet" for action in part["actions"]]
