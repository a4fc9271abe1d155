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
ECHO = timedelta(minutes=2)
LATE = timedelta(seconds=10)


@dataclass(frozen=True)
class Kept:
    """A stored inbound that waits for its turn."""

    id: int
    place: Place
    turn: dict[str, Any]
    attempts: int


def keep(connection: Connection, place: Place, turn: dict[str, Any], now: datetime) -> int | None:
    """Store an inbound; None when this event, or this human act under another event id, is already there."""
    if turn["echo_key"] and _is_echo(connection, place, turn["event_id"], turn["echo_key"], now):
        return None
    row = {
        "tenant_id": place.tenant_id,
        "conversation_id": place.conversation_id,
        "person_id": place.person_id,
        "event_id": turn["event_id"],
        "semantic_key": turn["semantic_key"],
        "echo_key": turn["echo_key"],
        "turn": turn,
        "received_at": now,
        "state": "new",
        "attempts": 0,
        "due_at": now,
    }
    kept = insert_once(connection, inbox, row)
    if kept is None and turn["echo_key"]:
        connection.execute(_AGAIN, {"tenant": place.tenant_id, "event": turn["event_id"]})
    return kept


_AGAIN = (
    update(inbox)
    .where(inbox.c.tenant_id == bindparam("tenant"), inbox.c.event_id == bindparam("event"))
    .values(deliveries=inbox.c.deliveries + 1)
)
_SAME_WORDS = select(inbox.c.event_id, inbox.c.received_at, inbox.c.done_at, inbox.c.deliveries).where(
    inbox.c.tenant_id == bindparam("tenant"),
    inbox.c.echo_key == bindparam("echo"),
    inbox.c.received_at > bindparam("since"),
)


def _is_echo(connection: Connection, place: Place, event_id: str, echo_key: str, now: datetime) -> bool:
    """Whether the platform repeats itself under a new id. A person may say "back" twice, so the same words are not enough.

    It is an echo when the platform had reason to repeat them: it sent the first ones again under their own id before, or they
    were taken up late. Teams repeats after about 15 s and, under a new id, about 30 s later. (A copy that carries the same time
    is known by its semantic key.)
    """
    keys = {"tenant": place.tenant_id, "echo": echo_key, "since": now - ECHO}
    for row in connection.execute(_SAME_WORDS, keys):
        late = (row.done_at or now) - row.received_at > LATE
        if row.event_id != event_id and (row.deliveries > 1 or late):
            return True
    return False


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


def rewrite(connection: Connection, identity: int, turn: dict[str, Any]) -> None:
    """The inbound again, with what had to be fetched for it."""
    connection.execute(update(inbox).where(inbox.c.id == identity, inbox.c.state == "new").values(turn=turn))


def forget(connection: Connection, now: datetime) -> int:
    """Remove finished rows after a month; how many. Until then they recognise a resend. Echo keys go within the hour."""
    echoed = inbox.c.echo_key.is_not(None) & (inbox.c.state == "done") & (inbox.c.done_at < now - ECHO)
    connection.execute(update(inbox).where(echoed).values(echo_key=None))
    old = (inbox.c.state == "done") & (inbox.c.done_at < now - timedelta(days=KEEP_DAYS))
    return connection.execute(delete(inbox).where(old)).rowcount
