"""Sends the daily picture by the clock, to supervisors and to the contract's channel, and keeps it true through the day.

A card is edited where it stands and never sent twice; one whose reader has gone on to something else in it is left alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.telling import channel_card, post, tell
from bot.desk import Desk
from bot.hours import Hours
from bot.reply import Card, Notice
from bot.skills import picture
from storage import cards, occasions, outbox
from storage.store import Connection

PLACE = "summary"
REFRESH = timedelta(minutes=15)

DeskOf = Callable[[int], Desk | None]


class Summaries:
    """The summaries of one contract, now."""

    def __init__(self, connection: Connection, tenant_id: int, contract_id: int, hours: Hours, now: datetime) -> None:
        self._connection = connection
        self._tenant = tenant_id
        self._contract = contract_id
        self._hours = hours
        self._now = now

    def send(self, supervisors: list[int], desk_of: DeskOf) -> list[int | None]:
        """What is due and nobody has sent yet; the chats that it went into."""
        told: list[int | None] = []
        for at in self._hours.summaries_due():
            name = f"summary:{self._contract}:{self._hours.local.date()}:{at}"
            if occasions.first(self._connection, self._tenant, name, self._now):
                told += self._say(self._key(at), supervisors, desk_of, anew=True)
        return told

    def refresh(self, supervisors: list[int], desk_of: DeskOf) -> list[int | None]:
        """Edit the day's latest summary where it has come to say something else."""
        came = [at for at in self._hours.summary_times() if at <= f"{self._hours.local:%H:%M}"]
        if self._hours.is_quiet() or not came:
            return []
        if not occasions.again(self._connection, self._tenant, f"refresh:{self._contract}", self._now, REFRESH):
            return []
        return self._say(self._key(came[-1]), supervisors, desk_of, anew=False)

    def _key(self, at: str) -> str:
        return f"sum-{self._hours.local:%y%m%d}-{at}"

    def _say(self, key: str, supervisors: list[int], desk_of: DeskOf, *, anew: bool) -> list[int | None]:
        """To each supervisor what they may see, and to the channel what everybody may."""
        told: list[int | None] = []
        desks = [desk for person in supervisors if (desk := desk_of(person))]
        for desk in desks:
            card = picture.summary(desk, ()).card
            if anew or self._says_else(f"{key}-{desk.person.id}", card):
                told.append(tell(self._connection, self._tenant, Notice(desk.person.id, key, card, PLACE), self._now))
        channel = self._hours.settings.get("summary_channel")
        if channel and desks:
            notice = Notice(desks[0].person.id, key, picture.for_channel(desks[0]), PLACE)
            if anew or self._says_else(channel_card(key, channel), notice.card):
                told.append(post(self._connection, self._tenant, channel, notice, self._now))
        return told

    def _says_else(self, card_id: str, card: Card) -> bool:
        """Whether a card that was sent, and still is the summary, shows something else than this."""
        known = cards.find(self._connection, self._tenant, card_id)
        if known is None or known.view.get("place") != PLACE:
            return False
        shown = outbox.latest(self._connection, card_id)
        return shown is not None and shown != card.to_json()
