"""Links to other systems: keys that read a contract's issues, and webhooks that tell of what happens to them.

A webhook has a mark, the last event that its receiver took. Events go out in order, each until it is taken: a receiver that is
down loses nothing, and one that answered too late gets an event twice, under the same delivery id.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.issues import events, issues
from storage.link_tables import ApiKey, Webhook, WebhookReceipt
from storage.people import contracts
from storage.store import insert_once
from storage.tables import table

api_keys, webhooks, receipts = table(ApiKey), table(Webhook), table(WebhookReceipt)
LEASE = timedelta(seconds=60)
SETTLED = timedelta(seconds=2)  # an event is this old before it goes out, so that none that commits late is passed over
RECEIPTS_KEPT = timedelta(days=2)


@dataclass(frozen=True)
class KeyRecord:
    """What a key may read."""

    id: int
    tenant_id: int
    contract_id: int
    name: str
    restricted: bool


@dataclass(frozen=True)
class WebhookRecord:
    """A webhook as it stands; `secret` is still locked."""

    id: int
    tenant_id: int
    contract_id: int
    url: str
    secret: str
    sent_up_to: int
    attempts: int
    error: str


@dataclass(frozen=True)
class News:
    """Something that happened to an issue, to be told."""

    event_id: int
    issue_id: int
    at: datetime
    kind: str
    detail: str


_KEY: tuple[Any, ...] = tuple(api_keys.c[name] for name in KeyRecord.__dataclass_fields__)
_HOOK: tuple[Any, ...] = tuple(webhooks.c[name] for name in WebhookRecord.__dataclass_fields__)


def hash_of(key: str) -> str:
    """How a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def contracts_named(connection: Connection, name: str) -> list[tuple[int, int]]:
    """Tenant and id of every contract of that name."""
    rows = connection.execute(select(contracts.c.tenant_id, contracts.c.id).where(contracts.c.name == name))
    return [(row.tenant_id, row.id) for row in rows]


def add_key(
    connection: Connection, tenant_id: int, contract_id: int, name: str, key: str, now: datetime, *, restricted: bool
) -> int:
    """A new key; its number."""
    row = {
        "tenant_id": tenant_id, "contract_id": contract_id, "name": name, "hash": hash_of(key), "restricted": restricted,
        "created_at": now,
    }  # fmt: skip
    return int(connection.execute(insert(api_keys).returning(api_keys.c.id), row).scalar_one())


def key(connection: Connection, given: str) -> KeyRecord | None:
    """What a key opens; None when it isn't one, or was taken back."""
    wanted = select(*_KEY).where(api_keys.c.hash == hash_of(given), api_keys.c.revoked_at.is_(None))
    row = connection.execute(wanted).first()
    return KeyRecord(*row) if row else None


def keys(connection: Connection) -> list[tuple[KeyRecord, str]]:
    """Every key that opens something, with its contract's name."""
    wanted = select(*_KEY, contracts.c.name).join_from(api_keys, contracts, contracts.c.id == api_keys.c.contract_id)
    rows = connection.execute(wanted.where(api_keys.c.revoked_at.is_(None)).order_by(api_keys.c.id))
    return [(KeyRecord(*row[:-1]), row[-1]) for row in rows]


def revoke(connection: Connection, identity: int, now: datetime) -> bool:
    """Take a key back; whether there was one."""
    wanted = update(api_keys).where(api_keys.c.id == identity, api_keys.c.revoked_at.is_(None))
    return connection.execute(wanted.values(revoked_at=now)).rowcount == 1


def add_webhook(connection: Connection, tenant_id: int, contract_id: int, url: str, secret: str, now: datetime) -> int:
    """A new webhook, which tells of everything from now on; its number."""
    latest = connection.execute(select(func.coalesce(func.max(events.c.id), 0))).scalar_one()
    row = {
        "tenant_id": tenant_id, "contract_id": contract_id, "url": url, "secret": secret, "sent_up_to": latest, "due_at": now,
        "created_at": now,
    }  # fmt: skip
    return int(connection.execute(insert(webhooks).returning(webhooks.c.id), row).scalar_one())


def webhook(connection: Connection, identity: int) -> WebhookRecord | None:
    """The webhook with this number, unless it has ended."""
    row = connection.execute(select(*_HOOK).where(webhooks.c.id == identity, webhooks.c.ended_at.is_(None))).first()
    return WebhookRecord(*row) if row else None


def every_webhook(connection: Connection) -> list[tuple[WebhookRecord, str]]:
    """Every webhook with its contract's name."""
    wanted = select(*_HOOK, contracts.c.name).join_from(webhooks, contracts, contracts.c.id == webhooks.c.contract_id)
    rows = connection.execute(wanted.where(webhooks.c.ended_at.is_(None)).order_by(webhooks.c.id))
    return [(WebhookRecord(*row[:-1]), row[-1]) for row in rows]


def end_webhook(connection: Connection, identity: int, now: datetime) -> bool:
    """Nothing goes there any more; whether something did."""
    wanted = update(webhooks).where(webhooks.c.id == identity, webhooks.c.ended_at.is_(None))
    return connection.execute(wanted.values(ended_at=now)).rowcount == 1


def claim(connection: Connection, now: datetime) -> list[WebhookRecord]:
    """The webhooks whose turn it is, held by this process for a minute."""
    due = (webhooks.c.due_at <= now) & webhooks.c.ended_at.is_(None)
    rows = connection.execute(update(webhooks).where(due).values(due_at=now + LEASE).returning(*_HOOK))
    return [WebhookRecord(*row) for row in rows]


def news(connection: Connection, hook: WebhookRecord, now: datetime, limit: int) -> list[News]:
    """What happened to the contract's issues since the mark, oldest first; nothing of restricted categories."""
    wanted = (
        select(events.c.id, events.c.issue_id, events.c.at, events.c.kind, events.c.detail)
        .join_from(events, issues, issues.c.id == events.c.issue_id)
        .where(events.c.tenant_id == hook.tenant_id, issues.c.contract_id == hook.contract_id, issues.c.restricted.is_(False))
        .where(events.c.id > hook.sent_up_to, events.c.at <= now - SETTLED)
    )
    return [News(*row) for row in connection.execute(wanted.order_by(events.c.id).limit(limit))]


def taken(connection: Connection, hook: WebhookRecord, event_id: int) -> None:
    """The receiver has this one."""
    wanted = update(webhooks).where(webhooks.c.id == hook.id)
    connection.execute(wanted.values(sent_up_to=event_id, attempts=0, error=""))


def rest(connection: Connection, hook: WebhookRecord, until: datetime, error: str = "") -> None:
    """Nothing more goes there until then; with an error it counts as an attempt."""
    values: dict[str, Any] = {"due_at": until}
    if error:
        values |= {"attempts": webhooks.c.attempts + 1, "error": error[:200]}
    connection.execute(update(webhooks).where(webhooks.c.id == hook.id).values(**values))


def received(connection: Connection, hook: WebhookRecord, delivery_id: str, now: datetime) -> bool:
    """Note a delivery of the landlord's; False when it was here before."""
    row = {"tenant_id": hook.tenant_id, "webhook_id": hook.id, "delivery_id": delivery_id, "at": now}
    return insert_once(connection, receipts, row, "delivery_id") is not None


def forget(connection: Connection, now: datetime) -> int:
    """Take old receipts away: a replay of those fails by its time."""
    return connection.execute(delete(receipts).where(receipts.c.at < now - RECEIPTS_KEPT)).rowcount
