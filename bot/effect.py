"""Whether a tip changed anything: the same people's answers before and after it, and how sure that is.

Each person counts once, whatever number of visits they made, because one person's answers resemble each other: counting
answers as if they were strangers' claims effects that aren't there. Under `FEWEST` people it is too early to say anything.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev
from typing import Literal

FEWEST, ANSWERS = 8, 3  # people, and answers of each on either side
SURE = 0.95

Verdict = Literal["few", "unsure", "up", "down"]
Counts = tuple[int, int]


@dataclass(frozen=True)
class Effect:
    """Shares of Yes, 0 to 1: before, after, and the change with the ends of its 95 % interval."""

    people: int
    before: float
    after: float
    low: float
    high: float
    verdict: Verdict

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before


def effect_of(pairs: Iterable[tuple[Counts, Counts]]) -> Effect:
    """From each person's (Yes, answers) before and after. Those with under `ANSWERS` on a side are left out."""
    kept = [(before, after) for before, after in pairs if before[1] >= ANSWERS and after[1] >= ANSWERS]
    if not kept:
        return Effect(0, 0.0, 0.0, 0.0, 0.0, "few")
    first, then = ([yes / asked for yes, asked in side] for side in zip(*kept, strict=True))
    before, after = fmean(first), fmean(then)
    if len(kept) < FEWEST:
        return Effect(len(kept), before, after, -1.0, 1.0, "few")
    changes = [b - a for a, b in zip(first, then, strict=True)]
    reach = _t(len(kept) - 1) * stdev(changes) / math.sqrt(len(kept))
    low, high = fmean(changes) - reach, fmean(changes) + reach
    verdict: Verdict = "up" if low > 0 else "down" if high < 0 else "unsure"
    return Effect(len(kept), before, after, low, high, verdict)


def _t(freedom: int) -> float:
    """Student's t for a 95 % interval, by Cornish and Fisher's series from the normal one."""
    z = NormalDist().inv_cdf(0.5 + SURE / 2)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
