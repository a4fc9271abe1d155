"""One million issues in PostgreSQL: database time of logging, one's own list, duplicates, filters and the daily picture.

`python -m bench.issues [ROWS]`. Starts a throw-away cluster, fills it by one statement, then asks as the bot asks. Times are
wall clock on a loopback connection, so they hold the driver too.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from storage import issues, picture, schema
from storage.issues import Filter, Sight
from storage.store import Store
from tests.postgres import Cluster

CONTRACTS, PEOPLE, BLOCKS = 500, 10_000, 20_000
ASKED = 400

FILL = """
INSERT INTO issue (tenant_id, number, contract_id, person_id, category, priority, place, unit_key, block_key, text, complaint,
                   state, restricted, standard, logged_at, changed_at, due_at, revision)
SELECT 1, n, 1 + n % :contracts, 1 + n % :people,
       (ARRAY['HZ-DAMP','RP-NEW','AC-NOACC','SV-CMPL','CM-COMMUNAL','RP-RECALL'])[1 + n % 6],
       'P3', 'flat ' || n % 60 || ' court ' || n % :blocks, (n % 60)::text, 'court ' || n % :blocks, 'seen on site', '',
       CASE WHEN n % 12 = 0 THEN 'new' WHEN n % 40 = 0 THEN 'fixed' ELSE 'closed' END,
       false, 'CE5 1.0', now() - (n % 700) * interval '1 day', now() - (n % 700) * interval '1 day',
       now() + ((n % 60) - 20) * interval '1 day', 1
FROM generate_series(0, :rows - 1) AS n
"""


def fill(connection: Connection, rows: int) -> None:
    """A tenant with people, contracts and so many issues, one in eight of them open."""
    connection.execute(text("INSERT INTO tenant (platform, external_id, created_at) VALUES ('slack', 'T1', now())"))
    people = (
        "INSERT INTO person (tenant_id, external_id, timezone, created_at) "
        "SELECT 1, 'U' || n, 'Europe/London', now() FROM generate_series(1, :n) n"
    )
    connection.execute(text(people), {"n": PEOPLE})
    contracts = (
        "INSERT INTO contract (tenant_id, name, landlord, emergency_phone, safeguarding_phone, adult_age, timezone) "
        "SELECT 1, 'C' || n, '', '', '', 18, 'Europe/London' FROM generate_series(1, :n) n"
    )
    connection.execute(text(contracts), {"n": CONTRACTS})
    connection.execute(text(FILL), {"rows": rows, "contracts": CONTRACTS, "people": PEOPLE, "blocks": BLOCKS})
    clocks = (
        "INSERT INTO issue_clock (tenant_id, issue_id, clock, started_at, due_at) "
        "SELECT 1, id, 'awaab-significant', logged_at, due_at FROM issue WHERE category = 'HZ-DAMP' AND state = 'new'"
    )
    connection.execute(text(clocks))


def main(rows: int) -> None:
    """Fill, ask, print."""
    cluster = Cluster()
    try:
        store = Store(cluster.url("postgres"))
        schema.upgrade(store)
        began = time.perf_counter()
        store.transact(lambda connection: fill(connection, rows))
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        print(f"{rows:,} issues, {CONTRACTS} contracts, filled in {time.perf_counter() - began:.0f} s")
        chance, now = random.Random(26), datetime.now(UTC)  # not a secret
        for name, work in _works(chance, now):
            _time(store, name, work)
        store.engine.dispose()
    finally:
        cluster.stop()


def _works(chance: random.Random, now: datetime) -> list[tuple[str, Callable[[Connection], object]]]:
    def own() -> Sight:
        return Sight(1, chance.randint(1, PEOPLE))

    def contract() -> Sight:
        return Sight(1, chance.randint(1, PEOPLE), frozenset({chance.randint(1, CONTRACTS)}), restricted=True)

    def street() -> str:
        return f"court {chance.randint(1, BLOCKS)}"

    def log(connection: Connection) -> object:
        values = {
            "tenant_id": 1, "person_id": chance.randint(1, PEOPLE), "contract_id": chance.randint(1, CONTRACTS),
            "category": "RP-NEW", "priority": "P3", "text": "leak", "place": "flat 3", "unit_key": "3", "block_key": street(),
            "complaint": "", "restricted": False, "standard": "CE5 1.0", "due_at": now,
        }  # fmt: skip
        issue = issues.log(connection, values, now)
        issues.happened(connection, issue, 1, "logged", "RP-NEW", now)
        return issues.near(connection, 1, issue.contract_id, street(), now - timedelta(days=14))

    def mine(connection: Connection) -> object:
        sight = own()
        return issues.listed(connection, sight, Filter(person_id=sight.person_id), 8)

    def block(connection: Connection) -> object:
        return issues.near(connection, 1, chance.randint(1, CONTRACTS), street(), now - timedelta(days=700))

    def damp(connection: Connection) -> object:
        return issues.listed(connection, contract(), Filter(category="HZ-DAMP", before=now - timedelta(days=3)), 8)

    def overdue(connection: Connection) -> object:
        return issues.listed(connection, contract(), Filter(due_before=now), 8)

    def picture_(connection: Connection) -> object:
        sight = contract()
        picture.pressing(connection, sight, now + timedelta(hours=24), 4)
        return picture.counts(connection, sight, now - timedelta(days=1))

    return [
        ("log, with its duplicates", log),
        ("my issues", mine),
        ("alike at a block", block),
        ("open damp over 3 days", damp),
        ("overdue", overdue),
        ("daily picture", picture_),
    ]


def _time(store: Store, name: str, work: Callable[[Connection], object]) -> None:
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        store.transact(work)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"{name:28} p50 {took[ASKED // 2]:6.1f} ms   p99 {took[int(ASKED * 0.99)]:6.1f} ms", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
