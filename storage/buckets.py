"""Rate limits that every process shares: each bucket is one row that says when its next send may leave.

The generic cell rate algorithm (ITU-T I.371): a row holds the theoretical arrival time; a send may leave while that time is
no further ahead than the burst allows, and moves it on by one interval. What the platform told us to wait is kept apart, so
that after it as much may leave as after any other rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.store import insert_for
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
    found = _read(connection, tenant_id, [limit.name for limit in limits])
    later = [held for _, held in found.values() if held and held > now]
    for limit in limits:
        next_at, _ = found.get(limit.name, (now, None))
        if (free := next_at - timedelta(seconds=limit.interval * (limit.burst - 1))) > now:
            later.append(free)
    if later:
        return max(later)
    rows = [
        {"name": limit.name, "next_at": max(now, found.get(limit.name, (now, None))[0]) + timedelta(seconds=limit.interval)}
        for limit in limits
    ]
    _write(connection, tenant_id, "next_at", rows)
    return None


def pause(connection: Connection, tenant_id: int, limits: Sequence[Limit], until: datetime) -> None:
    """The platform said to wait: nothing leaves through these buckets before `until`."""
    rows = [{"name": limit.name, "next_at": until, "held_until": until} for limit in limits]
    _write(connection, tenant_id, "held_until", rows)


_READ = (
    select(buckets.c.name, buckets.c.next_at, buckets.c.held_until)
    .where(buckets.c.tenant_id == bindparam("tenant"), buckets.c.name.in_(bindparam("names", expanding=True)))
    .order_by(buckets.c.name)
)
_READ_LOCKED = _READ.with_for_update()


def _read(connection: Connection, tenant_id: int, names: list[str]) -> dict[str, tuple[datetime, datetime | None]]:
    """The buckets, locked in the order of their names so that two processes never wait for each other."""
    rows = _READ if connection.dialect.name == "sqlite" else _READ_LOCKED
    return {row.name: (row.next_at, row.held_until) for row in connection.execute(rows, {"tenant": tenant_id, "names": names})}


@cache
def _moved(dialect: str, column: str) -> Any:
    statement = insert_for(dialect, buckets)
    return statement.on_conflict_do_update(
        index_elements=[buckets.c.tenant_id, buckets.c.name], set_={column: statement.excluded[column]}
    )


def _write(connection: Connection, tenant_id: int, column: str, rows: list[dict[str, Any]]) -> None:
    """New rows, or `column` of those that are there."""
    if rows:
        values = [{"tenant_id": tenant_id, **row} for row in sorted(rows, key=lambda row: str(row["name"]))]
        connection.execute(_moved(connection.dialect.name, column), values)
