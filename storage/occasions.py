"""Things that happen once, however many workers look: whoever writes the row does it, in the same transaction."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from storage.store import insert_once
from storage.tables import table
from storage.work_tables import Occasion

occasions = table(Occasion)
KEEP_DAYS = 40


def first(connection: Connection, tenant_id: int, name: str, now: datetime) -> bool:
    """Whether nobody has seen to this occasion yet; from now on somebody has."""
    known = select(occasions.c.name).where(occasions.c.tenant_id == tenant_id, occasions.c.name == name)
    if connection.execute(known).first() is not None:
        return False
    return insert_once(connection, occasions, {"tenant_id": tenant_id, "name": name, "at": now}, "name") is not None


def again(connection: Connection, tenant_id: int, name: str, now: datetime, every: timedelta) -> bool:
    """Whether this is to be done again: nobody did within `every`; from now on somebody has."""
    known = (occasions.c.tenant_id == tenant_id) & (occasions.c.name == name)
    if connection.execute(update(occasions).where(known, occasions.c.at <= now - every).values(at=now)).rowcount == 1:
        return True
    return first(connection, tenant_id, name, now)


def forget(connection: Connection, now: datetime) -> int:
    """Remove those long past; how many."""
    return connection.execute(delete(occasions).where(occasions.c.at < now - timedelta(days=KEEP_DAYS))).rowcount
