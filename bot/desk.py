"""What a skill has in front of it during one turn: the pack, the person, the dialogue, the clock and the open records."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.dialogue import Dialogue
from bot.phrases import Phrases
from bot.reply import Button, Notice
from bot.turn import Turn
from bot.understanding.reader import Reader, Reading
from bot.understanding.report import Reporter
from content import Pack
from storage.people import PersonRecord
from storage.store import Connection


@dataclass
class Desk:
    """One turn's desk. A skill may change `dialogue`, and writes records through `records`, the open transaction.

    `files_to_remove` are photos to take away in this transaction: their rows go with their files. `notices` go to others.
    """

    pack: Pack
    phrases: Phrases
    reader: Reader
    reporter: Reporter
    turn: Turn
    person: PersonRecord
    now: datetime
    records: Connection
    dialogue: Dialogue = field(default_factory=Dialogue)
    files_to_remove: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The person's own date."""
        return self.now.astimezone(ZoneInfo(self.person.timezone)).date()

    def today_of(self, moment: datetime) -> date:
        """The person's own date at that moment."""
        return moment.astimezone(ZoneInfo(self.person.timezone)).date()

    def read(self, text: str) -> Reading:
        """What a question is about; worked out from the very words, where the guard took some of them out since."""
        if self.turn.meant is not None and text == self.turn.text:
            return Reading.from_json(self.turn.meant["reading"])
        return self.reader.read(text)

    def say(self, name: str, /, **gaps: object) -> str:
        """A sentence of the pack."""
        return self.phrases(name, **gaps)

    def button(self, name: str, /, says: str, **more: Any) -> Button:
        """A button with a label of the pack: the phrase `button.<name>`."""
        return Button(self.phrases(f"button.{name}"), says, **more)
