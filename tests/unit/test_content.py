"""The pack: what is shipped, what the check finds, and how older wordings stay readable."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.understanding.danger import Alarm
from content import SHIPPED, Pack, PackError, load_pack
from content.checks import check_pack
from content.readability import reading_age, syllables
from content.release import release

TODAY = date(2026, 11, 23)
COUNTS = {"EE": 5, "RC": 5, "RR": 6, "CE": 5, "LC": 5}
CARDS = {
    "GAS", "CO", "FIRE", "ELECTRIC", "STRUCTURE", "ASBESTOS", "CHILD", "ABUSE", "SELFHARM", "COLLAPSE", "THREAT", "SHARPS",
    "WATERPOWER",
}  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped pack in a folder of its own, without the example messages."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "pack", ignore=shutil.ignore_patterns("examples")))


def change(folder: Path, file: str, edit: Callable[[dict], object]) -> None:
    path = folder / file
    data = yaml.safe_load(path.read_text())
    edit(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check_pack(folder, TODAY)]


def test_the_shipped_pack_is_whole_and_in_order(pack: Pack) -> None:
    assert check_pack(SHIPPED, TODAY) == []
    assert {theme.id: len(pack.under(theme)) for theme in pack.themes} == COUNTS
    assert {card.id for card in pack.cards} == CARDS
    assert len(pack.entries) >= 45


def test_every_standard_has_everything(pack: Pack) -> None:
    for standard in pack.standards:
        assert len(standard.do) >= 3
        assert len(standard.dont) >= 3
        assert standard.related
        assert len(standard.asks) >= 5
        assert len(standard.words) >= 8
        assert len(standard.say.split()) <= 30
        assert all(pack.sources[fact.source].review > TODAY for fact in standard.sight)


def test_it_says_that_it_is_an_original_set(pack: Pack) -> None:
    assert "original set" in pack.about.about
    assert "Not written, endorsed or accredited by Tpas" in pack.about.about


def test_every_card_can_be_fired_by_its_own_words(pack: Pack) -> None:
    alarm = Alarm(pack)
    told = {
        "GAS": "can smell gas in the hallway wot do i do",
        "CO": "co alarm going off shes got a headache",
        "FIRE": "theres a fire in the bin store",
        "ELECTRIC": "bare wires hanging out the socket in kitchen",
        "STRUCTURE": "ceiling bowing in back bedroom kids sleep in there",
        "ASBESTOS": "just drilled artex not sure if its bad",
        "CHILD": "little lad answered says mum at shop hes about 7",
        "ABUSE": "shes got bruises and looks terrified of him",
        "SELFHARM": "she said she wants to kill herself",
        "COLLAPSE": "old fella not answering can see him thru letterbox on floor",
        "THREAT": "bloke came at me with a hammer im in the van now",
        "SHARPS": "pricked me finger on a needle behind the bath",
        "WATERPOWER": "water coming thru the light fitting above bath",
    }
    assert set(told) == CARDS
    for card, text in told.items():
        heard = alarm.listen(text)
        assert (heard[0].card.id, heard[0].strength) == (card, "card"), text


@pytest.mark.parametrize(
    "text",
    [
        "wasnt a gas leak just drains",
        "no smell of gas now",
        "gas safe card has run out",
        "fire door on 4th floor wont shut",
        "fire drill is on tuesday",
        "gas service booked for friday",
        "how often is the gas check",
        "where is the fire extinguisher kept",
        "she wont live here much longer, moving to leeds",
        "pins and needles in my arm",
        "can i smoke on the balcony",
        "need a new needle valve",
    ],
)
def test_what_only_sounds_like_a_danger_fires_no_card(pack: Pack, text: str) -> None:
    assert all(danger.strength != "card" for danger in Alarm(pack).listen(text))


def test_a_doubt_is_a_caution_and_two_dangers_come_most_urgent_first(pack: Pack) -> None:
    alarm = Alarm(pack)
    assert [(d.card.id, d.strength) for d in alarm.listen("smelt gas here last week, sorted now")] == [("GAS", "caution")]
    both = alarm.listen("bloke came at me with a knife and theres a smell of gas")
    assert [d.card.id for d in both if d.strength == "card"][:2] == ["THREAT", "GAS"]


class TestTheCheckNamesFileLineAndFix:
    def test_a_missing_field(self, copy: Path) -> None:
        change(copy, "standards/RR2.yaml", lambda data: data.pop("say"))
        assert any(f.startswith("standards/RR2.yaml:1: `say` is missing. Fix: add `say:") for f in faults(copy))

    def test_a_misspelt_field(self, copy: Path) -> None:
        change(copy, "standards/RR2.yaml", lambda data: data.update(statment="x"))
        assert any("`statment` is not a field" in f and "did you mean `statement`" in f for f in faults(copy))

    def test_a_duplicate_id(self, copy: Path) -> None:
        shutil.copy(copy / "standards/RR2.yaml", copy / "standards/RR9.yaml")
        found = faults(copy)
        assert any("standards/RR9.yaml:1: The id `RR2` is already used by standards/RR2.yaml" in f for f in found)

    def test_a_key_twice(self, copy: Path) -> None:
        path = copy / "standards/RR2.yaml"
        path.write_text(path.read_text() + "culture: again\n")
        line = len(path.read_text().splitlines())
        assert any(f"standards/RR2.yaml:{line}: `culture` is given twice" in f for f in faults(copy))

    def test_an_unknown_reference(self, copy: Path) -> None:
        change(copy, "standards/RR2.yaml", lambda data: data["related"].append("ZZ1"))
        change(copy, "reference/photos.yaml", lambda data: data["points"][0].update(source="nobody"))
        found = faults(copy)
        assert any("`ZZ1` is not a standard here" in f for f in found)
        assert any("reference/photos.yaml" in f and "`nobody` is not a source here" in f for f in found)

    def test_a_text_longer_than_a_phone_card(self, copy: Path) -> None:
        change(copy, "standards/RR2.yaml", lambda data: data.update(statement="Shoe covers on. " * 20))
        assert any("longer than a phone card holds" in f and "cut 140 characters" in f for f in faults(copy))

    def test_a_sentence_too_long_to_say(self, copy: Path) -> None:
        change(copy, "standards/RR2.yaml", lambda data: data.update(say="I will put it on now. " * 6))
        assert any("`say` takes longer than 12 seconds" in f for f in faults(copy))

    def test_a_reading_age_above_eleven(self, copy: Path) -> None:
        hard = "Operatives shall demonstrate proportionate consideration regarding residential environmental sensitivities."
        change(copy, "standards/RR2.yaml", lambda data: data.update(do=[hard[:99]] * 3, dont=[hard[:99]] * 3))
        assert any("standards/RR2.yaml:1: The reading age is" in f for f in faults(copy))

    def test_a_fact_without_source(self, copy: Path) -> None:
        change(copy, "reference/photos.yaml", lambda data: data["points"][0].pop("source"))
        assert any("`points.0.source` is missing" in f for f in faults(copy))

    def test_a_review_date_gone_by(self) -> None:
        found = [str(fault) for fault in check_pack(SHIPPED, date(2027, 3, 1))]
        assert any(f.startswith("sources.yaml:") and "review date of `awaab` has gone by" in f for f in found)

    def test_an_unsure_fact_shown_as_settled(self, copy: Path) -> None:
        change(copy, "reference/awaab-scope.yaml", lambda data: data.update(now="Phase 2 is live. Log it."))
        assert any("reference/awaab-scope.yaml" in f and "shown as settled" in f for f in faults(copy))

    def test_broken_yaml(self, copy: Path) -> None:
        (copy / "standards/RR2.yaml").write_text("id: RR2\ntitle: a: b\n")
        assert any(f.startswith("standards/RR2.yaml:2: This is not valid YAML") for f in faults(copy))

    def test_no_pack_at_all(self, tmp_path: Path) -> None:
        assert any("There is no pack in" in f for f in faults(tmp_path))
        with pytest.raises(PackError):
            load_pack(tmp_path)


class TestOlderWordings:
    def test_a_silent_change_is_found(self, copy: Path) -> None:
        change(copy, "standards/RR2.yaml", lambda data: data.update(culture="Something else."))
        assert any("RR2 1.0 is not the one that was released" in f for f in faults(copy))

    def test_a_new_version_keeps_the_old_one_readable(self, copy: Path) -> None:
        text = ("version", "since", "title", "statement", "do", "dont", "culture", "say", "sight")

        def edit(data: dict) -> None:
            data["earlier"] = [{key: data[key] for key in text}]
            data.update(version="1.1", since=date(2027, 1, 10), statement="We look after the home.")

        change(copy, "standards/RR2.yaml", edit)
        assert release(copy) == ["RR2 1.1"]
        assert faults(copy) == []
        rr2 = load_pack(copy).by_id["RR2"]
        assert rr2.on(date(2026, 12, 3)).statement.startswith("We protect the home")
        assert rr2.on(date(2027, 1, 10)).statement == "We look after the home."
        assert rr2.on(date(2026, 3, 3)) is None

    def test_an_earlier_wording_can_be_neither_changed_nor_dropped(self, copy: Path) -> None:
        self.test_a_new_version_keeps_the_old_one_readable(copy)
        change(copy, "standards/RR2.yaml", lambda data: data["earlier"][0].update(culture="Better now."))
        assert any("RR2 1.0 is not the one that was released" in f for f in faults(copy))
        with pytest.raises(PackError):
            release(copy)
        change(copy, "standards/RR2.yaml", lambda data: data.pop("earlier"))
        assert any("Version 1.0 of RR2 was released and is gone" in f for f in faults(copy))


class TestACustomersOwnPack:
    def test_any_ids_any_number_and_the_safety_cards_are_lent(self, tmp_path: Path) -> None:
        (tmp_path / "standards").mkdir()
        (tmp_path / "pack.yaml").write_text(
            "id: acme\nname: Acme\nversion: 2.0.0\npublished: 2026-01-05\nabout: Our own.\nculture: Be kind.\n"
        )
        (tmp_path / "themes.yaml").write_text("- {id: Q, name: Quiet, promise: We are quiet., culture: Hush.}\n")
        (tmp_path / "standards" / "Q-1.yaml").write_text(
            "id: Q-1\ntheme: Q\nversion: '1.0'\nsince: 2026-01-05\ntitle: Keep it down\nstatement: We keep the noise down.\n"
            "do: [Ask first.]\ndont: [Shout.]\nculture: Quiet is kind.\nsay: Is now a good time?\n"
            "sight: [{fact: People like quiet., source: house}]\nwords: [noise]\n"
        )
        release(tmp_path)
        assert faults(tmp_path) == []
        pack = load_pack(tmp_path)
        assert [standard.id for standard in pack.standards] == ["Q-1"]
        assert {card.id for card in pack.cards} == CARDS
        assert pack.entries == ()
        assert all(card.standard is None for card in pack.cards)


def test_the_hash_changes_with_the_words_and_only_with_them(copy: Path) -> None:
    before = load_pack(copy).hash
    assert before == load_pack(SHIPPED).hash
    change(copy, "standards/RR2.yaml", lambda data: data.update(culture="Else."))
    assert load_pack(copy).hash != before


def test_syllables_and_reading_age_follow_the_known_measure() -> None:
    assert [syllables(word) for word in ("cat", "water", "resident", "asbestos", "make", "table")] == [1, 2, 3, 3, 1, 2]
    assert reading_age(["The cat sat on the mat."]) < 7
    assert reading_age(["Proportionate consideration regarding environmental sensitivities."]) > 20


def test_an_example_that_stands_twice_or_for_two_is_a_fault(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "pack"))
    with (folder / "examples" / "standards" / "CE1.txt").open("a", encoding="utf-8") as file:
        file.write("\nRang once, and drove off!\n")
    with (folder / "examples" / "cards" / "NONE.txt").open("a", encoding="utf-8") as file:
        file.write("\ngas leak flat 3 getting everybody out now\n")
    found = {fault.file: fault.what for fault in check_pack(folder, date(2026, 11, 24)) if "example" in fault.what}
    assert "says no more than examples/standards/CE1.txt:" in found["examples/standards/CE1.txt"]
    assert "also stands for GAS" in found["examples/cards/NONE.txt"]
