"""What comes by the clock, over the weeks of a year in which something is odd: `year.py` runs the whole of it."""

from datetime import date

import pytest

from bot.engine import Engine
from storage.store import Store
from tests.reliability.year import ODD, simulate


@pytest.mark.parametrize(("first", "last"), ODD)
async def test_nothing_comes_outside_a_window_nor_twice_and_nothing_is_missed(
    engine: Engine, store: Store, first: date, last: date
) -> None:
    year = simulate(engine, store, 4, first, last, (40, 50, 55))
    assert year.faults(first, last) == []
    assert {key.partition("-")[0] for _, key, _ in year.came} >= {"sum", "prm"}
    assert year.deaths > 0
