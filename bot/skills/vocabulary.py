"""The words between the engine and its skills."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.desk import Desk
from bot.phrases import Phrases
from bot.reply import Card


@dataclass(frozen=True)
class Answer:
    """A skill's answer. `place` says that the card is somewhere the person now is and can come back to.

    `at` is the command that shows the place again, where that isn't the one that was given.
    """

    card: Card
    place: bool = True
    at: str | None = None


Handler = Callable[[Desk, tuple[str, ...]], Answer]
Verbs = Mapping[str, Handler]
Forms = Mapping[str, Callable[[Phrases], Card]]
