"""Visits under faults: taps twice, late, on old cards and at the same moment. Nothing is lost and nothing counts double.

DOORSTEP_VISITS sets how many visits are simulated on each database; processes that die are `test_crashes`.
"""

import asyncio
import os
import random

import pytest
from aiohttp import ClientSession

from adapters.wiring import House
from storage.tables import table
from storage.work_tables import Visit
from tests.talk import Heard, WebTalk

VISITS = int(os.environ.get("DOORSTEP_VISITS", "15"))
ITEMS = ("job", "parts", "badge", "covers", "time")
LABELS = {"Yes": "yes", "No": "no", "N/A": "na"}


class Thumb(WebTalk):
    """A thumb that hits twice, hits old cards, and hits two buttons at once."""

    def __init__(self, *args: object, chance: random.Random) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.chance = chance
        self.old: list[Heard] = []

    async def answer(self, card: Heard, number: int) -> tuple[Heard, set[str]]:
        """Answer the card's item in some faulty way; what it shows now, and which answers may have counted."""
        label = self.chance.choice(list(LABELS))
        fault = self.chance.choice(("none", "none", "twice", "late", "both"))
        if fault == "late" and self.old:
            await self._post({"value": self.chance.choice(self.old).buttons["No"], "id": f"late-{self.chance.random()}"})
            card = await self.settled(f"{number}/{len(ITEMS)}", silent=True)
        self.old.append(card)
        taps = [{"value": card.buttons[label], "id": f"tap-{self.chance.random()}"}]
        may = {LABELS[label]}
        if fault == "twice":
            taps *= 3
        elif fault == "both":
            other = self.chance.choice([one for one in LABELS if one != label])
            taps.append({"value": card.buttons[other]})
            may.add(LABELS[other])
        await asyncio.gather(*(self._post(tap) for tap in taps))
        return await self.settled("Ready" if number == len(ITEMS) else f"{number + 1}/{len(ITEMS)}"), may

    async def settled(self, state: str, *, silent: bool = False) -> Heard:
        """The latest card once it shows that state and nothing more comes; where silence is allowed, the present one."""
        heard: Heard | None = self.last if silent else None
        while True:
            try:
                heard = await asyncio.wait_for(self.hear(), 0.15 if heard and state in heard.title else 8)
            except TimeoutError:
                assert heard and state in heard.title, (state, heard)
                return heard


@pytest.mark.parametrize("seed", [7])
async def test_whatever_a_thumb_does_the_record_is_that_of_the_clean_run(
    house: House, session: ClientSession, seed: int
) -> None:
    chance = random.Random(seed)
    thumb = Thumb(house.page, house.address, session, lambda: None, "operative", chance=chance)  # type: ignore[attr-defined]
    wanted: list[list[set[str]]] = []
    for number in range(VISITS):
        card = await thumb.say(f"visit {number + 1} Elm Court")
        thumb.old.clear()
        told: list[set[str]] = []
        for item in range(1, len(ITEMS) + 1):
            card, answers = await thumb.answer(card, item)
            told.append(answers)
        wanted.append(told)
    visit = table(Visit)
    rows = await house.store.run(lambda c: list(c.execute(visit.select().order_by(visit.c.id)).mappings()))
    assert len(rows) == VISITS
    for row, told in zip(rows, wanted, strict=True):
        assert row["state"] == "done"
        assert tuple(row["answers"]) == ITEMS
        assert all(row["answers"][item][0] in answers for item, answers in zip(ITEMS, told, strict=True))
