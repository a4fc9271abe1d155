"""What trainers taught: a question without its small words, and what answers it. It counts in every process at once."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage.store import insert_once
from storage.tables import table
from storage.work_tables import Taught

taught = table(Taught)


def teach(connection: Connection, tenant_id: int, key: str, standard: str, person_id: int, now: datetime) -> None:
    """From now on this question is answered by that standard; by none for an empty one. What was taught before is replaced."""
    forget(connection, tenant_id, key)
    row = {"tenant_id": tenant_id, "key": key, "standard": standard, "person_id": person_id, "at": now}
    insert_once(connection, taught, row, "key")


def forget(connection: Connection, tenant_id: int, key: str) -> bool:
    """Take it back; False when nothing was taught."""
    mine = (taught.c.tenant_id == tenant_id) & (taught.c.key == key)
    return connection.execute(delete(taught).where(mine)).rowcount > 0


def find(connection: Connection, tenant_id: int, key: str) -> str | None:
    """The standard that answers a question, an empty text for "none does"; None when nobody taught it."""
    mine = (taught.c.tenant_id == tenant_id) & (taught.c.key == key)
    return connection.execute(select(taught.c.standard).where(mine)).scalar()


def every(connection: Connection, tenant_id: int) -> list[tuple[str, str]]:
    """All that a tenant's trainers taught: key and standard."""
    wanted = select(taught.c.key, taught.c.standard).where(taught.c.tenant_id == tenant_id).order_by(taught.c.at)
    return [(row[0], row[1]) for row in connection.execute(wanted)]
