"""Dead letters: what could not be answered or sent. Kept, shown to an admin, and tried again on request."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from storage.tables import Inbox, Outbox, table

inbox, outbox = table(Inbox), table(Outbox)


@dataclass(frozen=True)
class Letter:
    """A message that got stuck; `reason` holds no word of it."""

    id: int
    received_at: datetime
    reason: str


def dead(connection: Connection, tenant_id: int, *, limit: int) -> list[Letter]:
    """The tenant's dead letters, newest first."""
    found = (
        select(inbox.c.id, inbox.c.received_at, inbox.c.error)
        .where(inbox.c.tenant_id == tenant_id, inbox.c.state == "dead")
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    return [Letter(row.id, row.received_at, row.error or "unknown") for row in connection.execute(found)]


def retry(connection: Connection, tenant_id: int | None, identity: int, now: datetime) -> bool:
    """Put a dead letter back in the queue; False when there is none. Without a tenant: any, for the operator's command."""
    which = (inbox.c.id == identity) & (inbox.c.state == "dead")
    if tenant_id is not None:
        which &= inbox.c.tenant_id == tenant_id
    return connection.execute(update(inbox).where(which).values(state="new", attempts=0, due_at=now)).rowcount == 1


def retry_unsent(connection: Connection, now: datetime) -> int:
    """Put every dead send back in the queue, such as after a wrong token was mended; how many."""
    return connection.execute(
        update(outbox).where(outbox.c.state == "dead").values(state="pending", attempts=0, due_at=now)
    ).rowcount


def counts(connection: Connection) -> dict[str, int]:
    """How many rows wait or are dead, in the inbox and the outbox, over all tenants."""
    found = {}
    for name, rows in (("inbox", inbox), ("outbox", outbox)):
        grouped = connection.execute(select(rows.c.state, func.count()).group_by(rows.c.state))
        by_state = {str(row[0]): int(row[1]) for row in grouped}
        found[f"{name}_dead"] = by_state.get("dead", 0)
        found[f"{name}_waiting"] = sum(times for state, times in by_state.items() if state in ("new", "pending", "sending"))
    return found


def every_dead(connection: Connection, *, limit: int = 50) -> list[Letter]:
    """Dead letters of every tenant, for the operator's command."""
    found = select(inbox.c.id, inbox.c.received_at, inbox.c.error).where(inbox.c.state == "dead").order_by(inbox.c.id.desc())
    return [Letter(row.id, row.received_at, row.error or "unknown") for row in connection.execute(found.limit(limit))]
