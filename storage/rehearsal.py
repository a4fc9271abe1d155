"""A copy of what comes by the clock works on, so that the days ahead can be gone through without anybody noticing."""

from sqlalchemy import Connection, insert, select, text

from storage.issues import OPEN, clocks, issues, promises
from storage.outbox import outbox
from storage.tables import metadata

LEFT_OUT = frozenset({"inbox", "outbox", "audit", "photo", "issue_event", "dialogue", "installation", "bucket", "visit"})
ROWS = 1_000


def copy(source: Connection, into: Connection) -> None:
    """Fill an empty database with people, contracts, tips, occasions, and open issues with their clocks and promises."""
    into.execute(text("PRAGMA defer_foreign_keys = ON"))
    live = select(issues.c.id).where(issues.c.state.in_(OPEN))
    for table in metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        wanted = select(table)
        if table is issues:
            wanted = wanted.where(issues.c.id.in_(live))
        elif table in (clocks, promises):
            wanted = wanted.where(table.c.issue_id.in_(live))
        for rows in source.execute(wanted).mappings().partitions(ROWS):
            into.execute(insert(table), [dict(row) for row in rows])


def taken_away(connection: Connection) -> list[tuple[str, str, dict[str, object]]]:
    """What was put into the outbox since the last time, as sent: the card's id, `send` or `update`, and the card."""
    waiting = outbox.c.state == "pending"
    rows = connection.execute(select(outbox.c.card_id, outbox.c.action, outbox.c.content).where(waiting).order_by(outbox.c.id))
    found = [(row.card_id, row.action, row.content["card"]) for row in rows]
    connection.execute(outbox.update().where(waiting).values(state="sent"))
    return found
