"""Every sentence the bot can say, by name. They stand in the pack; a skill never holds one."""

from collections.abc import Mapping
from datetime import date

from bot.errors import MissingPhrase


class Phrases:
    """Looks up a sentence of the pack and fills in its gaps."""

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = phrases

    def __call__(self, name: str, /, **gaps: object) -> str:
        """The sentence called `name`. Raises MissingPhrase when the pack has none."""
        try:
            return self._phrases[name].format(**gaps) if gaps else self._phrases[name]
        except KeyError as error:
            raise MissingPhrase(f"phrases.yaml has no `{name}`, or it has a gap that nothing fills") from error


def spoken_date(day: date) -> str:
    """A day as people say it: 3 March 2026."""
    return f"{day.day} {day:%B %Y}"
