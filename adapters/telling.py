"""Puts a card into somebody's own chat without being asked; one that is there already is edited in place."""

import hashlib
from datetime import datetime
from typing import Any

from bot.reply import Notice, Post
from storage import cards, outbox, people
from storage.people import Place
from storage.store import Connection


def tell(connection: Connection, tenant_id: int, notice: Notice, now: datetime) -> int | None:
    """The chat it went into; None for who can't be reached: they never wrote, left, or had the app removed."""
    found = people.reach(connection, tenant_id, notice.person_id)
    return _put(connection, found, f"{notice.key}-{notice.person_id}", notice, now) if found else None


def post(connection: Connection, tenant_id: int, channel: str, notice: Notice, now: datetime) -> int | None:
    """The same in a channel, for everybody there, on behalf of the notice's person.

    A channel that refused us before is tried again: somebody may have let the app in since.
    """
    found = people.reach_channel(connection, tenant_id, channel, notice.person_id, now)
    if found is None:
        return None
    people.unblock(connection, found[0].conversation_id)
    return _put(connection, found, channel_card(notice.key, channel), notice, now)


def channel_card(key: str, channel: str) -> str:
    """The id of a channel's card."""
    return f"{key}-{hashlib.sha256(channel.encode()).hexdigest()[:6]}"


def _put(connection: Connection, found: tuple[Place, dict[str, Any]], card_id: str, notice: Notice, now: datetime) -> int:
    place, address = found
    known = cards.find(connection, place.tenant_id, card_id)
    revision = known.revision + 1 if known else 1
    view = view_of(Post(notice.card, notice.place))
    if known:
        cards.change(connection, card_id, revision, view)
    else:
        cards.add(connection, place, card_id, revision, view, now)
    content = {"card": notice.card.to_json(), "revision": revision, **({"once": True} if notice.once else {})}
    outbox.put(connection, place, "update" if known else "send", card_id, address, content, now)
    return place.conversation_id


def view_of(post: Post) -> dict[str, Any]:
    """What storage keeps of a card: where it leads and what its buttons say, none of its words."""
    options = [[button.label, button.says] for button in post.card.buttons]
    return {"place": post.place, "trail": list(post.trail), "options": options, "urgent": post.card.urgent}
