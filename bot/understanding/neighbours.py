"""The examples nearest to a message, as a second opinion beside the linear heads.

Every example's sense is kept in a smaller room: its main directions, the strongest of them damped, so that no single trait of
style decides who is near. The nearest vote for their labels, the nearer the more. On writers left out, both opinions
together put the right standard first in 2.6 of 100 messages more than the linear head alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOM = 192
DAMPED = 0.25  # the power of a direction's variance that it is divided by
ASKED, KEEN = 80, 16.0  # how many have a vote, and how fast it falls with distance
WEIGHT, LEAST, FLOOR = 0.5, 0.01, 1e-4

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Neighbours:
    """Examples in the smaller room. `labels` has a column for each head, with the number of a class or -1 for none.

    `votes` is, for each head, what a vote for each class weighs: more where there are few examples.
    """

    mean: Matrix
    turn: Matrix
    places: Matrix
    labels: NDArray[np.int16]
    votes: tuple[Matrix, ...]

    @classmethod
    def of(cls, sense: Matrix, labels: NDArray[np.int16], votes: Sequence[Matrix]) -> "Neighbours":
        """From the senses of the examples, a row each."""
        mean = sense.mean(0)
        spread, directions = np.linalg.eigh((sense - mean).T @ (sense - mean) / len(sense))
        room = min(ROOM, sense.shape[1])
        turn = (directions[:, -room:] / np.maximum(spread[-room:], 1e-9) ** DAMPED).astype(np.float32)
        return cls(mean.astype(np.float32), turn, _unit((sense - mean) @ turn), labels, tuple(votes))

    def shares(self, sense: Matrix) -> list[Matrix]:
        """For each head, the share of the votes that each class gets: a row for each row of `sense`."""
        place = _unit((sense - self.mean) @ self.turn)
        likeness = place @ self.places.T
        return [self._votes(likeness, group) for group in range(len(self.votes))]

    def _votes(self, likeness: Matrix, group: int) -> Matrix:
        belong = np.flatnonzero(self.labels[:, group] >= 0)
        found = np.zeros((len(likeness), len(self.votes[group])), np.float32)
        if not len(belong):
            return found
        near = likeness[:, belong]
        count = min(ASKED, len(belong))
        first = np.argpartition(-near, count - 1, axis=1)[:, :count]
        label = self.labels[belong, group][first]
        weight = np.exp((np.take_along_axis(near, first, 1) - 1) * KEEN) * self.votes[group][label]
        np.add.at(found, (np.arange(len(found))[:, None], label), weight)
        share: Matrix = found / np.maximum(found.sum(1, keepdims=True), 1e-12)
        return share

    def packed(self) -> dict[str, Any]:
        """As arrays for a file: a byte for each number of a place, and each place's own scale."""
        scale = np.abs(self.places).max(1, keepdims=True) / 127
        found: dict[str, Any] = {
            "near_mean": self.mean.astype(np.float16), "near_turn": self.turn.astype(np.float16), "near_labels": self.labels,
            "near_places": np.round(self.places / scale).astype(np.int8), "near_scale": scale.astype(np.float16),
        }  # fmt: skip
        return found | {f"near_votes_{number}": votes for number, votes in enumerate(self.votes)}

    @classmethod
    def unpacked(cls, stored: Mapping[str, NDArray[np.generic]], groups: int) -> "Neighbours":
        """What `packed` made."""
        places = stored["near_places"].astype(np.float32) * stored["near_scale"].astype(np.float32)
        votes = tuple(stored[f"near_votes_{number}"].astype(np.float32) for number in range(groups))
        mean, turn = (stored[name].astype(np.float32) for name in ("near_mean", "near_turn"))
        return cls(mean, turn, places, stored["near_labels"].astype(np.int16), votes)


def mixed(chances: Matrix, shares: Matrix) -> Matrix:
    """Both opinions as logits of one, row by row."""
    found: Matrix = np.log(chances + FLOOR) + WEIGHT * np.log(shares + LEAST)
    return found


def _unit(rows: NDArray[np.floating[Any]]) -> Matrix:
    found: Matrix = (rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)).astype(np.float32)
    return found
