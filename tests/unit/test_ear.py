"""What the trained ear makes of what the danger words and the danger head hear; the head here says what each test wants."""

from collections.abc import Sequence
from math import exp

import pytest

from bot.understanding.danger import Danger
from bot.understanding.head import Head, Scores
from bot.understanding.learning import HARMLESS
from bot.understanding.trained import TrainedEar
from content import Pack

JOBS = "hung both doors, boy of four let me in, nobody else there, heading to no 8"


class FixedHead:
    """A head whose alarm for each text is given, in odds; -9 for any other."""

    def __init__(self, alarms: dict[str, tuple[float, str]]) -> None:
        self.cuts = {"card": 1.0, "caution": 0.0}
        self.asked: list[str] = []
        self._alarms = alarms

    def scores(self, text: str) -> Scores:
        return Scores({}, self._danger(text), {}, {})

    def alarming(self, texts: Sequence[str], harmless: str, most: int) -> Sequence[str]:
        assert harmless == HARMLESS
        return texts[:most]

    def dangers(self, texts: Sequence[str]) -> list[dict[str, float]]:
        self.asked += texts
        return [self._danger(text) for text in texts]

    def _danger(self, text: str) -> dict[str, float]:
        alarm, card = self._alarms.get(text, (-9.0, "GAS"))
        chance = 1 / (1 + exp(-alarm))
        return {"GAS": 0.0, "CHILD": 0.0, "COLLAPSE": 0.0, HARMLESS: 1 - chance} | {card: chance}


def hear(pack: Pack, alarms: dict[str, tuple[float, str]], text: str, *heard: Danger) -> list[tuple[str, str]]:
    head: Head = FixedHead(alarms)  # type: ignore[assignment]
    return [(danger.card.id, danger.strength) for danger in TrainedEar(pack, head).weigh(text, list(heard))]


def test_a_danger_drowned_by_jobs_is_heard_in_its_clause(pack: Pack) -> None:
    assert hear(pack, {JOBS: (-1.0, "COLLAPSE")}, JOBS) == []
    assert hear(pack, {JOBS: (-1.0, "COLLAPSE"), "boy of four let me in": (2.0, "CHILD")}, JOBS) == [("CHILD", "caution")]
    assert hear(pack, {JOBS: (-1.0, "COLLAPSE"), "boy of four let me in": (4.0, "CHILD")}, JOBS) == [("CHILD", "card")]


def test_clauses_are_not_read_where_they_cant_change_anything(pack: Pack) -> None:
    for alarm in (-2.5, 2.5):
        head = FixedHead({JOBS: (alarm, "CHILD")})
        TrainedEar(pack, head).weigh(JOBS, [])  # type: ignore[arg-type]
        assert head.asked == []


@pytest.mark.parametrize(("after", "strength"), [("", "card"), (", that was all sorted yesterday", "caution")])
def test_what_follows_a_clause_may_settle_it_but_not_what_went_before(pack: Pack, after: str, strength: str) -> None:
    clause = "boy of four let me in at no 8"
    text = f"all doors sorted last week, {clause}{after}"
    assert hear(pack, {text: (0.0, "CHILD"), clause: (2.5, "CHILD")}, text) == [("CHILD", strength)]


def test_danger_words_stand_unless_the_head_is_rather_sure(pack: Pack) -> None:
    gas = Danger(pack.card_by_id["GAS"], "card")
    text = "smell of gas on the stairs"
    assert hear(pack, {text: (1.0, "GAS")}, text, gas) == [("GAS", "card")]
    assert hear(pack, {text: (-0.3, "GAS")}, text, gas) == [("GAS", "caution")]
    assert hear(pack, {text: (-2.0, "GAS")}, text, gas) == []
    assert hear(pack, {}, "gas smell", gas) == [("GAS", "card")], "two words are too few to be sure of anything"
