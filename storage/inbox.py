"""The inbox: what came in, stored once before it is acknowledged, taken one at a time within a conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.people import Place, conversations
from storage.store import insert_once
from storage.tables import Inbox, table

inbox = table(Inbox)

BACKOFF_SECONDS = (2, 15, 120)
KEEP_DAYS = 30


@dataclass(frozen=True)
class Kept:
    """A stored inbound that waits for its turn."""

    id: int
    place: Place
    turn: dict[str, Any]
    attempts: int


def keep(
    connection: Connection, place: Place, event_id: str, semantic_key: str | None, turn: dict[str, Any], now: datetime
) -> int | None:
    """Store an inbound; None when this event, or this human act under another event id, is already there."""
    row = {
        "tenant_id": place.tenant_id,
        "conversation_id": place.conversation_id,
        "person_id": place.person_id,
        "event_id": event_id,
        "semantic_key": semantic_key,
        "turn": turn,
        "received_at": now,
        "state": "new",
        "attempts": 0,
        "due_at": now,
    }
    return insert_once(connection, inbox, row)


def lock(connection: Connection, conversation_id: int, *, wait: bool) -> bool:
    """Take the conversation for this transaction. Without `wait`, False at once when another process has it.

    SQLite has one writer, so the open transaction is the lock.
    """
    if connection.dialect.name == "sqlite":
        return True
    mine = select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update(skip_locked=not wait)
    return connection.execute(mine).first() is not None


_NEXT = (
    select(inbox.c.id, inbox.c.tenant_id, inbox.c.person_id, inbox.c.turn, inbox.c.attempts)
    .where(
        inbox.c.conversation_id == bindparam("conversation_id"),
        inbox.c.state == "new",
        inbox.c.due_at <= bindparam("now"),
    )
    .order_by(inbox.c.attempts, inbox.c.id)
    .limit(2)
)


def next_in(connection: Connection, conversation_id: int, now: datetime) -> tuple[Kept | None, bool]:
    """The conversation's next inbound, and whether more wait behind it.

    First come first served; one that failed before steps behind the others.
    """
    rows = connection.execute(_NEXT, {"conversation_id": conversation_id, "now": now}).all()
    if not rows:
        return None, False
    row = rows[0]
    return Kept(row.id, Place(row.tenant_id, conversation_id, row.person_id), row.turn, row.attempts), len(rows) > 1


_DONE = (
    update(inbox)
    .where(inbox.c.id == bindparam("inbox_id"))
    .values(state="done", turn=None, done_at=bindparam("now"), error=None)
)


def done(connection: Connection, identity: int, now: datetime) -> None:
    """The turn is over: blank what was said, keep the keys that recognise a resend."""
    connection.execute(_DONE, {"inbox_id": identity, "now": now})


def failed(connection: Connection, identity: int, attempts: int, reason: str, now: datetime) -> bool:
    """Note a failure and when to try again; True when that was the last try and it is a dead letter now."""
    dead = attempts >= len(BACKOFF_SECONDS)
    due = now if dead else now + timedelta(seconds=BACKOFF_SECONDS[attempts])
    values = {"attempts": attempts + 1, "error": reason, "state": "dead" if dead else "new", "due_at": due}
    connection.execute(update(inbox).where(inbox.c.id == identity).values(**values))
    return dead


_WAITING = (
    select(inbox.c.conversation_id).where(inbox.c.state == "new", inbox.c.due_at <= bindparam("before")).distinct().limit(50)
)


def waiting(connection: Connection, before: datetime) -> list[int]:
    """Conversations with an inbound that has been due since `before`: another process died, or a retry is due."""
    return list(connection.execute(_WAITING, {"before": before}).scalars())


def forget(connection: Connection, now: datetime) -> int:
    """Remove finished rows after a month; how many. Until then they recognise a resend."""
    old = (inbox.c.state == "done") & (inbox.c.done_at < now - timedelta(days=KEEP_DAYS))
    return connection.execute(delete(inbox).where(old)).rowcount
