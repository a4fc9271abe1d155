"""Rate limits that every process shares: each bucket is one row that says when its next send may leave.

The generic cell rate algorithm (ITU-T I.371): a row holds the theoretical arrival time; a send may leave while that time is
no further ahead than the burst allows, and moves it on by one interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from storage.tables import Bucket, table

buckets = table(Bucket)


@dataclass(frozen=True)
class Limit:
    """At most one send each `interval` seconds on average, `burst` at once after a pause. `name` is unique in the tenant."""

    name: str
    interval: float
    burst: int = 1


def reserve(connection: Connection, tenant_id: int, limits: Sequence[Limit], now: datetime) -> datetime | None:
    """Take a place in every bucket and return None, or take none and return when to ask again."""
    ordered = sorted(limits, key=lambda limit: limit.name)
    found = _read(connection, tenant_id, [limit.name for limit in ordered])
    later = [
        free
        for limit in ordered
        if (free := found.get(limit.name, now) - timedelta(seconds=limit.interval * (limit.burst - 1))) > now
    ]
    if later:
        return max(later)
    for limit in ordered:
        until = max(now, found.get(limit.name, now)) + timedelta(seconds=limit.interval)
        _write(connection, tenant_id, limit.name, until)
    return None


def pause(connection: Connection, tenant_id: int, limits: Sequence[Limit], until: datetime) -> None:
    """The platform said to wait: nothing leaves through these buckets before `until`."""
    for limit in limits:
        _write(connection, tenant_id, limit.name, until + timedelta(seconds=limit.interval * (limit.burst - 1)))


def _read(connection: Connection, tenant_id: int, names: list[str]) -> dict[str, datetime]:
    rows = select(buckets.c.name, buckets.c.next_at).where(buckets.c.tenant_id == tenant_id, buckets.c.name.in_(names))
    if connection.dialect.name != "sqlite":
        rows = rows.order_by(buckets.c.name).with_for_update()
    return {row.name: row.next_at for row in connection.execute(rows)}


def _write(connection: Connection, tenant_id: int, name: str, until: datetime) -> None:
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415  # only the dialect in use is loaded

        statement: Any = insert(buckets)
    else:
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # noqa: PLC0415

        statement = postgresql_insert(buckets)
    moved = statement.on_conflict_do_update(
        index_elements=[buckets.c.tenant_id, buckets.c.name], set_={"next_at": statement.excluded.next_at}
    )
    connection.execute(moved, {"tenant_id": tenant_id, "name": name, "next_at": until})
