"""Block Kit rendering: within Slack's limits whatever is in a card, and the same words in the text twin."""

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.slack.blocks import home, render
from adapters.slack.manifest import manifest
from adapters.teams import manifest as teams
from bot.plain import plain
from bot.reply import Block, Button, Card, Issued
from tests.fakes.slack import strict

HARD = st.text(alphabet=st.sampled_from("a <>&*_~`@!|🚪👩‍🔧é€漢שלום\n"), min_size=1, max_size=400).filter(str.strip)
LONG = st.builds(lambda text, times: text * times, HARD, st.integers(1, 60))
CARDS = st.builds(
    Card,
    title=HARD,
    blocks=st.lists(
        st.one_of(
            st.builds(Block, st.sampled_from(["say", "quote", "note", "caution"]), LONG),
            st.builds(
                Block,
                st.sampled_from(["do", "dont", "points"]),
                st.just(""),
                st.lists(HARD, min_size=1, max_size=12).map(tuple),
            ),
        ),
        min_size=1,
        max_size=60,
    ).map(tuple),
    buttons=st.lists(
        st.builds(Button, HARD, st.just("themes"), st.sampled_from(["plain", "primary", "danger"]), HARD), max_size=14
    ).map(tuple),
    footer=st.one_of(st.just(""), LONG),
)


@settings(max_examples=150, deadline=None)
@given(CARDS)
def test_any_card_stays_within_slacks_limits_on_every_rung(card: Card) -> None:
    for rung in (0, 1, 2):
        text, blocks = render(Issued(card, "cardid123456", 3), rung)
        assert 0 < len(text) <= 4000
        assert "<!" not in text
        assert strict(blocks) == []
        assert len(blocks) <= 50
    assert strict(home(Issued(card, "h", 0))["blocks"], most=100) == []


@given(CARDS)
@settings(max_examples=50, deadline=None)
def test_a_card_survives_the_outbox(card: Card) -> None:
    assert Card.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_the_text_twin_says_everything_and_what_to_type() -> None:
    card = Card(
        "Title",
        (Block("quote", "Words."), Block("do", items=("This.",))),
        (Button("More", "more RR2"), Button("Back", "back")),
        "Foot",
    )
    assert plain(card) == "Title\n“Words.”\nDo: This.\nFoot\nType: 1 More · 2 Back"


def test_what_a_person_typed_cannot_become_markup() -> None:
    text, blocks = render(Issued(Card("Kept", (Block("quote", "<!channel> *bold* <https://example.com|x>"),)), "c", 1), 0)
    assert "&lt;!channel&gt;" in text
    rich = blocks[1]["elements"][0]
    assert rich["type"] == "rich_text_quote"
    assert rich["elements"] == [{"type": "text", "text": "<!channel> *bold* <https://example.com|x>"}]


@pytest.mark.parametrize("sockets", [True, False])
def test_the_manifest_keeps_slacks_limits(sockets: bool) -> None:
    made = manifest("https://doorstep.example.com/", sockets=sockets)
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert made["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    command = made["features"]["slash_commands"][0]
    assert ("url" in command) is not sockets
    if not sockets:
        assert command["url"] == "https://doorstep.example.com/slack/events"


def test_the_teams_manifest_keeps_its_limits_and_the_package_has_its_icons() -> None:
    made = teams.manifest("https://doorstep.example.com/", "00000000-0000-0000-0000-000000000001")
    assert len(made["name"]["short"]) <= 30
    assert len(made["name"]["full"]) <= 100
    assert len(made["description"]["short"]) <= 80
    assert made["validDomains"] == ["doorstep.example.com"]
    assert all(len(one["title"]) <= 32 for one in made["bots"][0]["commandLists"][0]["commands"])
    with zipfile.ZipFile(io.BytesIO(teams.package("https://doorstep.example.com", made["id"]))) as archive:
        assert json.loads(archive.read("manifest.json")) == made
        sizes = {name: Image.open(archive.open(name)).size for name in ("color.png", "outline.png")}
    assert sizes == {"color.png": (192, 192), "outline.png": (32, 32)}
