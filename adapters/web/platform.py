"""The playground as a platform: keeps what was said in each chat and tells every open page of it.

The chats live in memory, because a page is for trying things out; what the bot knows of a person is in the database as always.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Any

from adapters.photos import as_data_url, thumbnails
from adapters.platform import NO_PICTURES, Pictures
from adapters.slack.blocks import home, render
from bot.plain import plain
from bot.reply import Card, Issued
from storage.buckets import Limit
from storage.outbox import Action, Parcel

KEPT = 200

Message = dict[str, Any]


class WebPlatform:
    """The playground as a platform of `adapters.platform`."""

    name = "web"

    def __init__(self, life: str = "") -> None:
        """`life` tells this process' messages from those of one before it: the database remembers their ids."""
        self._life = life
        self._chats: dict[str, list[Message]] = defaultdict(list)
        self._pages: dict[str, set[asyncio.Queue[Message | None]]] = defaultdict(set)
        self._ids = count(1)

    def limits(self, action: Action, address: dict[str, Any], conversation: str) -> Sequence[Limit]:
        """None: this machine is the only one that listens."""
        return ()

    async def send(self, parcel: Parcel, pictures: Pictures = NO_PICTURES) -> str | None:
        """See `Platform.send`."""
        issued = Issued(Card.from_json(parcel.content), parcel.card_id or "", parcel.revision)
        identity = parcel.message_id if parcel.action == "update" and parcel.message_id else self._next_id()
        message = _as_message(issued, identity)
        shown = {photo: as_data_url(data) for photo, data in (await thumbnails(pictures)).items()}
        self._say(parcel.conversation, {**message, "pictures": shown})
        return identity

    def heard(self, chat: str, text: str) -> None:
        """Show what the person typed."""
        self._say(chat, {"id": self._next_id(), "who": "you", "text": text})

    def _next_id(self) -> str:
        return f"m{self._life}{next(self._ids)}"

    def _say(self, chat: str, message: Message) -> None:
        messages = self._chats[chat]
        same = next((number for number, one in enumerate(messages) if one["id"] == message["id"]), None)
        if same is None:
            messages.append(message)
            del messages[:-KEPT]
        else:
            messages[same] = message
        for page in self._pages[chat]:
            page.put_nowait(message)

    def open(self, chat: str) -> tuple[list[Message], "asyncio.Queue[Message | None]"]:
        """What was said so far, and a queue of what comes."""
        page: asyncio.Queue[Message | None] = asyncio.Queue()
        self._pages[chat].add(page)
        return list(self._chats[chat]), page

    def hang_up(self) -> None:
        """Tell every open page that this is the end, so that none of them holds up the stop."""
        for pages in self._pages.values():
            for page in pages:
                page.put_nowait(None)

    def shut(self, chat: str, page: "asyncio.Queue[Message | None]") -> None:
        """The page is gone."""
        self._pages[chat].discard(page)


def _as_message(issued: Issued, identity: str) -> Message:
    """A card for the page, with the same reply as Block Kit and as text."""
    text, blocks = render(issued, 0)
    options = [
        {
            "label": button.label,
            "value": issued.value(number),
            "style": button.style,
            "hint": button.hint,
            "says": button.says,
        }
        for number, button in enumerate(issued.card.buttons)
    ]
    slack = home(issued) if issued.home else {"text": text, "blocks": blocks}
    card = {**issued.card.to_json(), "buttons": options}
    return {
        "id": identity,
        "who": "bot",
        "card": card,
        "plain": plain(issued.card),
        "slack": slack,
        "revision": issued.revision,
    }
