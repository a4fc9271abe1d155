"""Shorthand, questions and privacy: what people type, and what it is taken for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.turn import Choice, Turn
from bot.understanding.danger import Alarm
from bot.understanding.head import Scores
from bot.understanding.intent import TOLD, intent_of
from bot.understanding.reader import PlainReader
from bot.understanding.shorthand import Shorthand, read_date
from content import Pack, load_pack
from tests.unit.test_storage import NOW

TODAY = date(2026, 11, 23)
PACK = load_pack()
ALARM, SHORTHAND, READER = Alarm(PACK), Shorthand(PACK), PlainReader(PACK)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("RR4 please", "standard RR4"),
        ("rr4", "standard RR4"),
        ("what does RR 4 say", "standard RR4"),
        ("why RR4", "why RR4"),
        ("source for RR4", "source RR4"),
        ("Guard their privacy", "standard RR4"),
        ("wots responds to challange mean", "theme RC"),
        ("hey what does communicates effectively actually mean", "theme CE"),
        ("LC", "theme LC"),
        ("how many standards are there", "themes"),
        ("culture one", "culture"),
        ("wot can you do", None),
        ("help", "help"),
        ("?", "help"),
        ("what did rr2 say on 3rd march", "wording RR2 2026-03-03"),
        ("RR2 on 3/3/2025, what was it", "wording RR2 2025-03-03"),
        ("what did RR2 say yesterday", "wording RR2 2026-11-22"),
        ("more", None),
        ("can i vape in the garden", None),
        ("card GAS", "card GAS"),
        ("gas card", "card GAS"),
        ("show me the self harm card please", "card SELFHARM"),
        ("card about needles", "card SHARPS"),
        ("who do i ring for a gas leak", "card GAS"),
        ("whats the gas number", "card GAS"),
        ("show safety card fire", "card FIRE"),
        ("number for the council", None),
        ("list the standards", "themes"),
        ("how many standards are there all together", "themes"),
        ("show me the standards on damp", None),
        ("Emergency!!!", "numbers"),
        ("its an emergency at flat 4", "numbers"),
        ("what do i do, someone's hurt", "numbers"),
        ("emergency plumber was out last night", None),
        ("fire door card", None),
        ("who do i ring about my pay", None),
        ("test me on RR4", None),
        ("how many got the tip on CE1", None),
        ("cheers mate", "thanks"),
    ],
)
def test_shorthand(text: str, command: str | None) -> None:
    found = SHORTHAND.read(text, options=(), here=None, today=TODAY)
    assert (str(found) if found else None) == command


def test_here_numbers_and_labels_are_about_the_card_on_screen() -> None:
    options = (("More", "more RR2"), ("Why?", "why RR2"))
    for text, command in (("1", "more RR2"), ("why?", "why RR2"), ("More", "more RR2"), ("say it", "say RR2")):
        assert str(SHORTHAND.read(text, options=options, here="RR2", today=TODAY)) == command
    assert SHORTHAND.read("3", options=options, here="RR2", today=TODAY) is None
    assert str(SHORTHAND.read("what did it say on 3 march", options=(), here="RR2", today=TODAY)) == "wording RR2 2026-03-03"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 3 March", date(2026, 3, 3)),
        ("on 24 november", date(2025, 11, 24)),
        ("23rd of Nov", date(2026, 11, 23)),
        ("march 3 2024", date(2024, 3, 3)),
        ("3.3.24", date(2024, 3, 3)),
        ("2026-02-30", None),
        ("31/31/2026", None),
        ("last tuesday", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("what does the standard say about shoe covers", "RR2"),
        ("wots the standard say about shoe covers", "RR2"),
        ("is radio allowed on site", "RR2"),
        ("standard for turning up late", "CE1"),
        ("which standards covers complaints", "RC1"),
        ("do we have one on parking", "LC1"),
        ("apprentices which standard is that", "LC3"),
        ("deaf lady what do i do", "CE3"),
        ("tenant says landlord promised new kitchen", "CE2"),
        ("foodbank near the site pls", "LC5"),
        ("keeps calling me love is that ok", "RR3"),
    ],
)
def test_questions_of_the_brief_find_their_standard_first(text: str, standard: str) -> None:
    reading = READER.read(text)
    assert reading.decision == "answer"
    assert reading.standards[0].id == standard


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("how long have we got to answer a stage 1", "complaint-stages"),
        ("is this a complaint or a service request", "service-request"),
        ("what is awaabs law clock for mould", "awaab-clocks"),
        ("leaseholder asking about section 20 bill", "section-20"),
        ("15 year old let me in no parents can i crack on", "child-alone"),
        ("does gdpr stop me reporting abuse", "safeguarding-adults"),
    ],
)
def test_questions_about_a_rule_find_the_rule(text: str, entry: str) -> None:
    assert READER.read(text).entry == entry


@pytest.mark.parametrize(
    "text",
    ["who won the match", "my payslip is wrong", "how do i bleed a radiator", "what does F28 mean on a worcester", "asdkjh", "",
     "is the merchant open saturday", "whats the capital of france", "can i get overtime", "🤷"],
)  # fmt: skip
def test_what_no_standard_covers_is_refused(text: str) -> None:
    assert READER.read(text).decision == "refuse"


def test_every_example_phrasing_of_the_pack_is_found_among_the_first_three() -> None:
    asked = [(standard.id, text) for standard in PACK.standards for text in standard.asks]
    found = [standard for standard, text in asked if standard in [match.id for match in READER.read(text).standards]]
    assert len(found) == len(asked)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("hes collapsed", "COLLAPSE"),
        ("tenant is having a seizure", "COLLAPSE"),
        ("he has chest pains", "COLLAPSE"),
        ("my mate has passed out", "COLLAPSE"),
        ("fell off the ladder", "COLLAPSE"),
        ("her black eye, and she says it was the door", "ABUSE"),
        ("set fire to the bins", "FIRE"),
        ("he says he would be better off dead", "SELFHARM"),
        ("she took a load of tablets", "SELFHARM"),
        ("nobody would miss me", "SELFHARM"),
        ("needle gone in my thumb", "SHARPS"),
        ("squared up to me with a baseball bat", "THREAT"),
        ("they flew at my mate", "THREAT"),
        ("dog set on us", "THREAT"),
        ("water coming down all over the fuse box", "WATERPOWER"),
        ("the ceiling is going to come down", "STRUCTURE"),
        ("broke old floor tiles up and scraped them", "ASBESTOS"),
        ("theres a toddler here and no grown ups", "CHILD"),
    ],
)
def test_danger_words_of_two_or_three_stand_as_one(text: str, card: str) -> None:
    assert card in [danger.card.id for danger in ALARM.listen(text) if danger.strength == "card"]


@pytest.mark.parametrize(
    "text",
    ["the deal has collapsed", "hes got a stanley knife", "im scared of heights", "beat the traffic",
     "the walls are moving along nicely", "i could kill for a brew", "hit the road at six"],
)  # fmt: skip
def test_what_only_sounds_like_a_danger_word_gets_no_card(text: str) -> None:
    assert not [danger for danger in ALARM.listen(text) if danger.strength == "card"]


@given(st.text(max_size=300))
def test_no_text_breaks_reading(text: str) -> None:
    ALARM.listen(text)
    SHORTHAND.read(text, options=(("More", "more RR2"),), here="RR2", today=TODAY)
    reading = READER.read(text)
    assert len(reading.standards) <= 3
    assert all(0 <= match.score <= 1 for match in reading.standards)


@given(st.text(max_size=50), st.booleans())
def test_a_turn_survives_the_inbox(text: str, direct: bool) -> None:
    turn = Turn("slack", "T1", "U1", "C1", "E1", NOW, "choice", text, Choice("a", 1, 2), direct=direct, roles=("rlo",))
    assert Turn.from_json(turn.to_json()) == turn


def test_the_pack_fixture_is_the_shipped_one(pack: Pack) -> None:
    assert pack.hash == PACK.hash


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("RR4", "ask"),
        ("themes", "ask"),
        ("my issues", "status"),
        ("what about oak 27", "status"),
        ("open damp over 3 days", "status"),
        ("my promises", "status"),
        ("photos oak 27", "status"),
        ("summary", "summary"),
        ("checks", "summary"),
        ("pocket", "summary"),
        ("tips", "tip"),
        ("tip RR2", "tip"),
        ("who got tip 3", "tip"),
        ("did tip 3 work", "tip"),
        ("start the rotation", "tip"),
        ("quiz", "quiz"),
        ("test me", "quiz"),
        ("checklists", "checklist"),
        ("emergency numbers", "emergency"),
        ("undo", "undo"),
        ("scrap that", "undo"),
        ("forget that", "undo"),
        ("hiya", "smalltalk"),
        ("help", "help"),
        ("oak 27 fixed", "other"),
        ("assign oak 27 to P31", "other"),
        ("extend oak 27 2 days awaiting parts", "other"),
        ("make P31 a supervisor", "other"),
        ("ask a trainer", "other"),
    ],
)
def test_a_command_says_what_kind_of_message_it_is(text: str, kind: str) -> None:
    assert intent_of(text, SHORTHAND.read(text, options=(), here=None, today=TODAY)) == kind


@pytest.mark.parametrize(
    ("text", "standard"),
    [("loo", "RR2"), ("Kettle?", "RR2"), ("late", "CE1"), ("keysafe", "RR4"), ("ladders", "LC1"), ("litter", "LC2")],
)
def test_one_word_for_someone_with_gloves_on_finds_its_standard(text: str, standard: str) -> None:
    reading = READER.read(text)
    assert reading.searched
    assert (reading.decision, reading.standards[0].id) == ("answer", standard)
    assert intent_of(text, None, Scores({}, {}, {"smalltalk": 0.9, "ask": 0.1}, {}), searched=reading.searched) == "ask"


def test_a_cry_for_help_is_a_kind_of_its_own_and_a_danger_that_is_told_is_none() -> None:
    assert intent_of("something bad happened", None, Scores({}, {}, {"emergency": 0.6, "ask": 0.3}, {})) == "emergency"
    assert intent_of("we can taste it in the air", None, Scores({}, {}, {TOLD: 0.9, "ask": 0.1}, {})) == "ask"


@pytest.mark.parametrize("text", ["sorry", "thank you", "ok"])
def test_a_courtesy_stays_one_though_it_is_a_search_word(text: str) -> None:
    assert intent_of(text, None, Scores({}, {}, {"ask": 0.9}, {}), searched=True) == "smalltalk"


def test_no_question_is_as_sure_as_a_search_word() -> None:
    assert not READER.read("what does the standard say about wearing shoe covers in a hallway").searched
