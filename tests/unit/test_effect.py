"""The effect of a tip: claimed where there is one, seldom where there is none, never on too few."""

import random

from bot.effect import FEWEST, effect_of


def _people(chance: random.Random, count: int, lift: float) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """People who differ from each other, with four to forty answers on each side."""
    pairs = []
    for _ in range(count):
        usual, sides = chance.betavariate(4, 2), []
        for extra in (0.0, lift):
            asked = chance.randint(4, 40)
            sides.append((sum(chance.random() < min(1.0, usual + extra) for _ in range(asked)), asked))
        pairs.append((sides[0], sides[1]))
    return pairs


def test_no_more_than_one_in_twenty_is_claimed_where_nothing_changed() -> None:
    """4,000 simulated tips without effect; the bound allows for the chance of the simulation itself (four deviations)."""
    chance = random.Random(26)
    claimed = sum(effect_of(_people(chance, chance.randint(8, 40), 0.0)).verdict in ("up", "down") for _ in range(4000))
    assert claimed / 4000 <= 0.05 + 4 * (0.05 * 0.95 / 4000) ** 0.5


def test_a_real_change_is_seen() -> None:
    chance = random.Random(26)
    seen = sum(effect_of(_people(chance, 30, 0.2)).verdict == "up" for _ in range(200))
    assert seen >= 180


def test_too_few_say_nothing() -> None:
    sure = [((0, 10), (10, 10))] * (FEWEST - 1)
    assert effect_of(sure).verdict == "few"
    assert effect_of([*sure, ((0, 2), (10, 10))]).verdict == "few", "two answers don't count as somebody's usual way"
    assert effect_of([]).verdict == "few"
    assert effect_of([*sure, ((1, 10), (9, 10))]).verdict == "up"
