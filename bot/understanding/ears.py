"""Everything that listens for danger: the danger words, in English and in the languages of sites, then what was learned."""

from bot.understanding.danger import Alarm, Danger, is_over_or_asked
from bot.understanding.head import Head
from bot.understanding.hunch import Hunch
from bot.understanding.languages import Languages
from bot.understanding.trained import TrainedEar
from content import Pack


class Ears:
    """Hears dangers with a pack's cards. The words alone are heard even where nothing was learned."""

    def __init__(self, pack: Pack, head: Head | None = None) -> None:
        self._slips = head.spelling if head else pack.wordlist.slips
        self.alarm = Alarm(pack, self._slips)
        self.languages = Languages(pack)
        self._cards = pack.card_by_id
        self._trained = TrainedEar(pack, head) if head and head.classes["danger"] else None
        self._hunch = None if self._trained else Hunch(pack)

    def listen(self, text: str) -> list[Danger]:
        """Every danger, cards before cautions, the more urgent first."""
        heard = self.alarm.listen(text)
        if not heard and (named := self.languages.danger(text)) and (card := self._cards.get(named)):
            return [Danger(card, "card")]
        if self.languages.of(text):
            return heard  # what was learned is English
        if self._trained:
            return self._trained.weigh(text, heard)
        if heard or self._hunch is None or is_over_or_asked(text, self._slips):
            return heard
        suspected = self._hunch.of(text)
        return [Danger(suspected, "caution")] if suspected else []
