"""Cards on people's screens: what their buttons say and where the platform keeps them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from storage.people import Place
from storage.store import insert_once
from storage.tables import Card, Outbox, table

cards = table(Card)
outbox = table(Outbox)

KEEP_DAYS = 180


@dataclass(frozen=True)
class CardRecord:
    """A card as storage knows it. `view` holds its place, trail, options and whether it is urgent."""

    id: str
    revision: int
    person_id: int
    view: dict[str, Any]


_FIND = select(cards.c.id, cards.c.revision, cards.c.person_id, cards.c.view).where(
    cards.c.id == bindparam("card_id"), cards.c.tenant_id == bindparam("tenant_id")
)


def find(connection: Connection, tenant_id: int, card_id: str) -> CardRecord | None:
    """The tenant's card with this id."""
    row = connection.execute(_FIND, {"card_id": card_id, "tenant_id": tenant_id}).first()
    return CardRecord(*row) if row else None


_ADD = insert(cards)


def add(connection: Connection, place: Place, card_id: str, revision: int, view: dict[str, Any], now: datetime) -> None:
    """A new card."""
    row = {
        "id": card_id,
        "tenant_id": place.tenant_id,
        "conversation_id": place.conversation_id,
        "person_id": place.person_id,
        "revision": revision,
        "view": view,
        "created_at": now,
    }
    connection.execute(_ADD, row)


_CHANGE = (
    update(cards)
    .where(cards.c.id == bindparam("card_id"))
    .values(revision=bindparam("new_revision"), view=bindparam("new_view"))
)


def change(connection: Connection, card_id: str, revision: int, view: dict[str, Any]) -> None:
    """The card shows something else from now on."""
    connection.execute(_CHANGE, {"card_id": card_id, "new_revision": revision, "new_view": view})


def put(connection: Connection, place: Place, card_id: str, view: dict[str, Any], now: datetime) -> None:
    """A card that exists once, such as a home screen: made or overwritten; always revision 0."""
    row = {
        "id": card_id,
        "tenant_id": place.tenant_id,
        "conversation_id": place.conversation_id,
        "person_id": place.person_id,
        "revision": 0,
        "view": view,
        "created_at": now,
    }
    if insert_once(connection, cards, row) is None:
        change(connection, card_id, 0, view)


def forget(connection: Connection, now: datetime) -> int:
    """Remove cards that nobody has touched for half a year; how many."""
    waiting = exists().where(outbox.c.card_id == cards.c.id, outbox.c.state.in_(("pending", "sending")))
    old = (cards.c.created_at < now - timedelta(days=KEEP_DAYS)) & ~waiting
    return connection.execute(delete(cards).where(old)).rowcount
