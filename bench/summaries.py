"""Summaries for 500 supervisors over one million issues in PostgreSQL, as one worker makes them at half past four.

`python -m bench.summaries [ROWS]`. Prints how long they took together, the database's time for each (wall clock on a loopback
connection, so the driver is in it) and the CPU of one.
"""

import sys
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, text

from adapters.rounds import Rounds
from adapters.summaries import Summaries
from bench.issues import CONTRACTS, fill
from bot.engine import Engine
from bot.hours import Hours
from bot.understanding.reader import PlainReader
from content import load_pack
from storage import schema
from storage.store import Connection, Store
from tests.postgres import Cluster

LONDON = ZoneInfo("Europe/London")
CREW = """
INSERT INTO team (tenant_id, contract_id, name) SELECT 1, id, 'Gas' FROM contract;
UPDATE person SET team_id = (SELECT id FROM team WHERE contract_id = 1 + person.id % 500);
INSERT INTO person_role (person_id, role, tenant_id) SELECT id, 'supervisor', 1 FROM person WHERE id <= 500;
INSERT INTO conversation (tenant_id, external_key, address, created_at)
SELECT 1, 'dm:' || external_id, json_build_object('channel', 'D' || id), now() FROM person;
"""


def main(rows: int) -> None:
    """Fill, send, print."""
    cluster = Cluster()
    try:
        store = Store(cluster.url("postgres"))
        schema.upgrade(store)
        store.transact(lambda connection: fill(connection, rows))
        store.transact(lambda connection: [connection.execute(text(one)) for one in CREW.split(";") if one.strip()])
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        send(store, rows)
        store.engine.dispose()
    finally:
        cluster.stop()


def send(store: Store, rows: int) -> None:
    """One round over all contracts at a time when a summary is due."""
    engine = Engine(load_pack(), PlainReader(load_pack()))
    local = datetime.now(LONDON).replace(hour=16, minute=31)
    settings = {"worked_days": [local.date().isoformat()]}
    now, asked, each = local.astimezone(UTC), 0.0, []
    rounds = Rounds(engine, lambda: now)

    @event.listens_for(store.engine, "before_cursor_execute")
    def _begin(*_: Any) -> None:
        nonlocal asked
        asked -= time.perf_counter()

    @event.listens_for(store.engine, "after_cursor_execute")
    def _end(*_: Any) -> None:
        nonlocal asked
        asked += time.perf_counter()

    def one(connection: Connection, contract: int) -> int:
        crew = [contract - 1 or CONTRACTS]  # person n is on contract 1 + n % 500
        summaries = Summaries(connection, 1, contract, Hours(settings, local), now)
        return len(summaries.send(crew, lambda person: rounds.desk(connection, 1, person, now)))

    began, cpu, sent = time.perf_counter(), time.process_time(), 0
    for contract in range(1, CONTRACTS + 1):
        asked = 0.0
        sent += store.transact(lambda connection, number=contract: one(connection, number))  # type: ignore[misc]
        each.append(asked * 1000)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    each.sort()
    print(f"{sent} summaries over {rows:,} issues in {took:.1f} s, {cpu * 1000 / max(1, sent):.1f} ms of CPU each")
    print(f"database time each: p50 {each[len(each) // 2]:.1f} ms, p99 {each[int(len(each) * 0.99)]:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
