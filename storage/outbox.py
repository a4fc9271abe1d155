"""The outbox: everything that is said, in order within a conversation, under leases and shared rate limits.

States: `pending` waits; `sending` is leased to a process, and is taken over when the lease runs out; `sent`; `folded` went out
inside a receipt; `superseded` gave way to a newer edit of the same card; `suppressed` has nowhere to go; `unsure` may have
arrived and isn't tried again, because a double would be worse than a miss; `dead` gave up.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.buckets import Limit, pause, reserve
from storage.inbox import lock
from storage.people import Place, block, conversations, tenants
from storage.tables import Card, Outbox, table

outbox, cards = table(Outbox), table(Card)

LEASE = timedelta(seconds=30)
BACKOFF_SECONDS = (1, 5, 30, 120, 600)
FOLD_FROM = 3
PATIENCE = timedelta(seconds=2)
BRAKE = timedelta(seconds=0.1)
KEEP_DAYS = 30

Action = Literal["send", "update", "home"]


@dataclass(frozen=True)
class Parcel:
    """One thing on its way out, leased to this process."""

    id: int
    tenant_id: int
    tenant: str
    platform: str
    conversation_id: int
    conversation: str
    action: Action
    card_id: str | None
    revision: int
    message_id: str | None
    address: dict[str, Any]
    content: dict[str, Any]
    attempts: int
    rung: int
    once: bool = False


@dataclass(frozen=True)
class Later:
    """Nothing may leave this conversation before `at`."""

    at: datetime


Pace = Callable[[str, Action, dict[str, Any], str], Sequence[Limit]]
Fold = Callable[[list[dict[str, Any]]], dict[str, Any]]


@dataclass(frozen=True)
class Postbox:
    """How to claim: each platform's limits, how to fold waiting cards into one, and how to name a new card."""

    pace: Pace
    fold: Fold
    new_id: Callable[[], str]


_PUT = insert(outbox)


def put(
    connection: Connection,
    place: Place,
    action: Action,
    card_id: str | None,
    address: dict[str, Any],
    content: dict[str, Any],
    now: datetime,
) -> None:
    """Add something to say. `content` is a neutral card with its revision, and `once` where a double is worse than a miss."""
    row = {
        "tenant_id": place.tenant_id,
        "conversation_id": place.conversation_id,
        "card_id": card_id,
        "action": action,
        "address": address,
        "content": content,
        "urgent": bool(content["card"]["urgent"]),
        "state": "pending",
        "attempts": 0,
        "rung": 0,
        "due_at": now,
        "created_at": now,
    }
    connection.execute(_PUT, row)


def latest(connection: Connection, card_id: str) -> dict[str, Any] | None:
    """What a card showed last, as neutral data; None when nothing is kept of it."""
    wanted = select(outbox.c.content).where(outbox.c.card_id == card_id).order_by(outbox.c.id.desc()).limit(1)
    content = connection.execute(wanted).scalar()
    return dict(content["card"]) if content else None


_UNSENT = (
    select(
        outbox.c.id,
        outbox.c.tenant_id,
        tenants.c.external_id.label("tenant"),
        tenants.c.platform,
        tenants.c.removed_at,
        conversations.c.blocked_reason,
        conversations.c.external_key.label("conversation"),
        outbox.c.action,
        outbox.c.card_id,
        cards.c.message_id,
        outbox.c.address,
        outbox.c.content,
        outbox.c.attempts,
        outbox.c.rung,
        outbox.c.state,
        outbox.c.urgent,
        outbox.c.due_at,
        outbox.c.lease_until,
    )
    .select_from(
        outbox.join(tenants, tenants.c.id == outbox.c.tenant_id)
        .join(conversations, conversations.c.id == outbox.c.conversation_id)
        .outerjoin(cards, cards.c.id == outbox.c.card_id)
    )
    .where(outbox.c.conversation_id == bindparam("conversation_id"), outbox.c.state.in_(("pending", "sending")))
    .order_by(outbox.c.urgent.desc(), outbox.c.id)
    .limit(25)
)
_PUT_OFF = update(outbox).where(outbox.c.id == bindparam("outbox_id")).values(due_at=bindparam("until"))
_LEASE = (
    update(outbox)
    .where(outbox.c.id == bindparam("outbox_id"))
    .values(state="sending", lease_until=bindparam("until"), attempts=bindparam("tries"))
)


def claim(connection: Connection, conversation_id: int, postbox: Postbox, now: datetime) -> Parcel | Later | None:
    """Lease the next thing to send in a conversation that this transaction has locked.

    Returns:
        A parcel to send now; `Later` when a limit or a retry says when; None when nothing waits or another process sends.
    """
    rows = list(connection.execute(_UNSENT, {"conversation_id": conversation_id}))
    if not rows or any(row.state == "sending" and row.lease_until > now for row in rows):
        return None
    if rows[0].removed_at is not None:
        _settle(connection, [row.id for row in rows], "suppressed", now, "the app was removed")
        return None
    if rows[0].blocked_reason is not None:
        _settle(connection, [row.id for row in rows], "suppressed", now, rows[0].blocked_reason)
        return None
    rows = _without_old_edits(connection, rows, now)
    head = rows[0]
    if head.due_at > now:
        return Later(head.due_at)
    action, free = _paced(connection, head, postbox, now)
    if free is not None:
        connection.execute(_PUT_OFF, {"outbox_id": head.id, "until": free})
        return Later(free)
    connection.execute(_LEASE, {"outbox_id": head.id, "until": now + LEASE, "tries": head.attempts + 1})
    parcel = _parcel(head, conversation_id, action)
    bag = [row for row in rows if row.action == "send" and not row.urgent and row.attempts == 0]
    return _folded(connection, parcel, bag, postbox, now) if len(bag) >= FOLD_FROM and head is bag[0] else parcel


def _paced(connection: Connection, row: Any, postbox: Postbox, now: datetime) -> tuple[Action, datetime | None]:
    """Reserve a place under the platform's limits; or when to ask again.

    An edit that would have to wait goes out as a new message instead, where that may leave sooner: somebody is looking.
    """
    actions: tuple[Action, ...] = ("update", "send") if row.action == "update" else (row.action,)
    waits: list[datetime] = []
    for action in actions:
        limits = postbox.pace(row.platform, action, row.address, row.conversation)
        free = reserve(connection, row.tenant_id, limits, now)
        if free is None or free <= now + PATIENCE:
            return action, free
        waits.append(free)
    return row.action, min(waits)


def _parcel(row: Any, conversation_id: int, action: Action) -> Parcel:
    return Parcel(
        id=row.id,
        tenant_id=row.tenant_id,
        tenant=row.tenant,
        platform=row.platform,
        conversation_id=conversation_id,
        conversation=row.conversation,
        action=action,
        card_id=row.card_id,
        revision=row.content["revision"],
        message_id=row.message_id,
        address=row.address,
        content=row.content["card"],
        attempts=row.attempts + 1,
        rung=row.rung,
        once=bool(row.content.get("once")),
    )


def _without_old_edits(connection: Connection, rows: list[Any], now: datetime) -> list[Any]:
    """Of several waiting edits of one card only the newest matters."""
    newest = {row.card_id: row.id for row in sorted(rows, key=lambda row: row.id) if row.action == "update"}
    old = [row.id for row in rows if row.action == "update" and row.id != newest[row.card_id] and row.state == "pending"]
    if old:
        _settle(connection, old, "superseded", now, None)
    return [row for row in rows if row.id not in old]


def _folded(connection: Connection, parcel: Parcel, bag: list[Any], postbox: Postbox, now: datetime) -> Parcel:
    """Several replies wait for one conversation: one receipt goes out instead, under the first one's row."""
    content = postbox.fold([row.content["card"] for row in bag])
    card_id = postbox.new_id()
    options = [[button[0], button[1]] for button in content["buttons"]]
    view = {"place": None, "trail": [], "options": options, "urgent": False}
    owner = select(cards.c.tenant_id, cards.c.conversation_id, cards.c.person_id).where(cards.c.id == parcel.card_id)
    row = connection.execute(owner).one()
    made = {"id": card_id, "revision": 1, "view": view, "created_at": now, **row._mapping}
    connection.execute(insert(cards), made)
    new = {"card": content, "revision": 1}
    connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(content=new, card_id=card_id))
    _settle(connection, [row.id for row in bag[1:]], "folded", now, None)
    return replace(parcel, content=content, card_id=card_id, revision=1, message_id=None)


def _settle(connection: Connection, ids: list[int], state: str, now: datetime, error: str | None) -> None:
    connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=state, done_at=now, error=error))


_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("outbox_id"))
    .values(state="sent", message_id=bindparam("message"), done_at=bindparam("now"), lease_until=None)
)
_ON_SCREEN = update(cards).where(cards.c.id == bindparam("card_key")).values(message_id=bindparam("message"))


def sent(connection: Connection, parcel: Parcel, message_id: str | None, now: datetime) -> None:
    """The platform took it. Remember where it is, so that the card can be edited."""
    connection.execute(_SENT, {"outbox_id": parcel.id, "message": message_id, "now": now})
    if parcel.card_id and message_id and message_id != parcel.message_id and parcel.action != "home":
        connection.execute(_ON_SCREEN, {"card_key": parcel.card_id, "message": message_id})


def try_again(connection: Connection, parcel: Parcel, reason: str, now: datetime, after: float | None = None) -> bool:
    """Put it back, to leave after `after` seconds or a growing pause; False when it failed too often and is dead now."""
    if parcel.attempts > len(BACKOFF_SECONDS):
        _settle(connection, [parcel.id], "dead", now, reason)
        return False
    pause_for = BACKOFF_SECONDS[min(parcel.attempts, len(BACKOFF_SECONDS)) - 1] if after is None else after
    values = {"state": "pending", "lease_until": None, "error": reason, "due_at": now + timedelta(seconds=pause_for)}
    connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(**values))
    return True


def hold_back(
    connection: Connection, parcel: Parcel, limits: Sequence[Limit], seconds: float, now: datetime, *, told: bool = True
) -> None:
    """The platform is limiting us; however long it does, nothing is given up for it.

    If it `told` for how long, all of its buckets pause. If not, this one waits, twice as long each time, and others go easy.
    """
    attempts = parcel.attempts - 1 if told else min(parcel.attempts, len(BACKOFF_SECONDS))
    until = now + timedelta(seconds=seconds if told else seconds * 2 ** (attempts - 1))
    pause(connection, parcel.tenant_id, limits, until if told else now + BRAKE)
    values = {"state": "pending", "lease_until": None, "attempts": attempts, "due_at": until, "error": "rate limited"}
    connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(**values))


def plainer(connection: Connection, parcel: Parcel, now: datetime) -> None:
    """The platform refused this rendering: the next, plainer one is tried at once."""
    values = {
        "state": "pending",
        "lease_until": None,
        "rung": parcel.rung + 1,
        "due_at": now,
        "attempts": parcel.attempts - 1,
    }
    connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(**values))


def give_up(
    connection: Connection, parcel: Parcel, state: Literal["dead", "suppressed", "unsure"], reason: str, now: datetime
) -> None:
    """It isn't tried again. `suppressed`: the person or channel is gone, and nobody need look; `dead`: an operator should."""
    _settle(connection, [parcel.id], state, now, reason)
    if state == "suppressed":
        block(connection, parcel.conversation_id, reason)


def as_new(connection: Connection, parcel: Parcel, now: datetime) -> None:
    """The message to edit is gone from the platform: send the card anew."""
    values = {"action": "send", "state": "pending", "lease_until": None, "due_at": now, "attempts": parcel.attempts - 1}
    connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(**values))


_WAITING = (
    select(outbox.c.conversation_id, outbox.c.tenant_id)
    .where(
        outbox.c.tenant_id.not_in(bindparam("without", expanding=True)),
        ((outbox.c.state == "pending") & (outbox.c.due_at <= bindparam("now")))
        | ((outbox.c.state == "sending") & (outbox.c.lease_until <= bindparam("now"))),
    )
    .group_by(outbox.c.conversation_id, outbox.c.tenant_id)
    .order_by(func.min(outbox.c.due_at))
    .limit(50)
)


def waiting(connection: Connection, now: datetime, without: Collection[int] = ()) -> list[tuple[int, int]]:
    """Conversations with something due, or leased to a process that died, and their tenants; the longest waiting first.

    `without` are tenants to leave out.
    """
    return [(row[0], row[1]) for row in connection.execute(_WAITING, {"now": now, "without": list(without)})]


def claim_waiting(connection: Connection, conversation_id: int, postbox: Postbox, now: datetime) -> Parcel | Later | None:
    """`claim` for a sweep: locks the conversation, and leaves it alone when another process has it."""
    return claim(connection, conversation_id, postbox, now) if lock(connection, conversation_id, wait=False) else None


def backlog(connection: Connection, tenant_id: int) -> int:
    """How much waits in a tenant for somebody to send it. What a process has leased doesn't count: it may have died with it."""
    wanted = select(func.count()).where(outbox.c.tenant_id == tenant_id, outbox.c.state == "pending")
    return int(connection.execute(wanted).scalar_one())


def forget(connection: Connection, now: datetime) -> int:
    """Remove what was settled a month ago; how many. Dead letters stay."""
    settled = ("sent", "folded", "superseded", "suppressed", "unsure")
    old = outbox.c.state.in_(settled) & (outbox.c.done_at < now - timedelta(days=KEEP_DAYS))
    return connection.execute(delete(outbox).where(old)).rowcount
