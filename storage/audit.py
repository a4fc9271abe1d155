"""Who did what, when. Never the content: an entry names the act and whom or what it was done to, by id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.tables import Audit, table

audit = table(Audit)


@dataclass(frozen=True)
class Entry:
    """One act. `person_id` is None when the operator did it on the command line."""

    at: datetime
    action: str
    subject: str
    person_id: int | None


def note(connection: Connection, tenant_id: int, person_id: int | None, action: str, subject: str, now: datetime) -> None:
    """Write an act down, in the transaction that does it."""
    row = {"tenant_id": tenant_id, "person_id": person_id, "at": now, "action": action, "subject": subject}
    connection.execute(insert(audit), row)


def latest(connection: Connection, tenant_id: int, *, limit: int) -> list[Entry]:
    """The tenant's latest acts, newest first."""
    found = (
        select(audit.c.at, audit.c.action, audit.c.subject, audit.c.person_id)
        .where(audit.c.tenant_id == tenant_id)
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    return [Entry(*row) for row in connection.execute(found)]
