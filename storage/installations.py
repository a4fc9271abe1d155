"""Which workspaces have the app installed, with their tokens (encrypted), and installs that are under way."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from storage.people import tenants
from storage.store import insert_once
from storage.tables import Installation, InstallState, table

installations, states = table(Installation), table(InstallState)

STATE_LIVES = timedelta(minutes=10)
RENEWAL_TAKES = timedelta(seconds=30)


@dataclass(frozen=True)
class InstallationRecord:
    """One workspace's installation. Both tokens are locked; `ends_at` is None for one that lasts."""

    tenant_id: int
    bot_token: str | None
    refresh_token: str | None
    ends_at: datetime | None
    bot_user_id: str
    enterprise_id: str | None
    scopes: str


_COLUMNS = [installations.c[name] for name in InstallationRecord.__dataclass_fields__]


def begin(connection: Connection, state: str, now: datetime) -> None:
    """Note that an install began. Only a digest of the state is kept; what ran out is cleared on the way."""
    connection.execute(delete(states).where(states.c.ends_at < now))
    connection.execute(insert(states), {"digest": _digest(state), "ends_at": now + STATE_LIVES})


def consume(connection: Connection, state: str, now: datetime) -> bool:
    """Whether this state was under way. One statement: of any number at the same time only one is told yes."""
    gone = delete(states).where(states.c.digest == _digest(state), states.c.ends_at > now)
    return connection.execute(gone).rowcount == 1


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def put(connection: Connection, record: InstallationRecord, now: datetime) -> None:
    """Keep an installation in place of any earlier one; the tenant is back if it was gone."""
    row = {**vars(record), "installed_at": now}
    if insert_once(connection, installations, row, returning="tenant_id") is None:
        mine = installations.c.tenant_id == record.tenant_id
        connection.execute(update(installations).where(mine).values(**row))
    connection.execute(update(tenants).where(tenants.c.id == record.tenant_id).values(removed_at=None))


def find(connection: Connection, platform: str, external_id: str) -> InstallationRecord | None:
    """The installation of a workspace, by the platform's id."""
    mine = (tenants.c.platform == platform) & (tenants.c.external_id == external_id)
    rows = select(*_COLUMNS).select_from(installations.join(tenants, tenants.c.id == installations.c.tenant_id)).where(mine)
    row = connection.execute(rows).first()
    return InstallationRecord(*row) if row else None


def lease(connection: Connection, tenant_id: int, now: datetime) -> bool:
    """Take on the renewal of a token; False while another process is at it."""
    free = installations.c.renewing_until.is_(None) | (installations.c.renewing_until < now)
    mine = update(installations).where((installations.c.tenant_id == tenant_id) & free)
    return connection.execute(mine.values(renewing_until=now + RENEWAL_TAKES)).rowcount == 1


def every(connection: Connection) -> list[InstallationRecord]:
    """All of them, for the operator's check."""
    return [InstallationRecord(*row) for row in connection.execute(select(*_COLUMNS))]


def renew(connection: Connection, tenant_id: int, bot_token: str, refresh_token: str | None, ends_at: datetime | None) -> None:
    """New tokens after a rotation."""
    values = {"bot_token": bot_token, "refresh_token": refresh_token, "ends_at": ends_at, "renewing_until": None}
    connection.execute(update(installations).where(installations.c.tenant_id == tenant_id).values(**values))
