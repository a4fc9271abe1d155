"""Storage: the traps that SQLite and the drivers set, closed and pinned, on both databases."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

from adapters.slack.sender import SlackPlatform
from adapters.teams.sender import TeamsPlatform
from storage import buckets, cards, people, schema
from storage.buckets import Limit
from storage.errors import SchemaOutdated, StorageDown
from storage.people import Place, tenants
from storage.store import Connection, Store, database_url
from storage.tables import Dialogue, Person, Tenant, table

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMITS = {
    "teams": lambda chat: TeamsPlatform(None).limits("send", {"conversation": chat}, chat),  # type: ignore[arg-type]
    "slack": lambda chat: SlackPlatform(None, "https://slack.test/", None).limits("send", {"channel": chat}, chat),  # type: ignore[arg-type]
}


@pytest.fixture
def place(store: Store) -> Place:
    def make(connection: Connection) -> Place:
        tenant = people.tenant_id(connection, "slack", "T1", NOW)
        return people.place(connection, tenant, "dm:U1", "U1", NOW)

    return store.transact(make)


def test_the_migrations_make_exactly_the_classes(store: Store) -> None:
    assert schema.drift(store) == []
    schema.check(store)
    schema.upgrade(store)


def test_an_old_database_is_refused_in_plain_words(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/new/empty.db")
    with pytest.raises(SchemaOutdated, match="run doorstep db upgrade"):
        schema.check(store)


def test_every_table_but_tenant_belongs_to_a_tenant(store: Store) -> None:
    tables = set(SQLModel.metadata.tables)
    assert tables >= {"tenant", "contract", "team", "person", "person_role", "inbox", "outbox", "audit"}
    for name in tables - {"tenant", "install_state"}:
        column = SQLModel.metadata.tables[name].c.tenant_id
        assert not column.nullable
        assert [key.column.table.name for key in column.foreign_keys] == ["tenant"]
    found = store.transact(lambda c: set(inspect(c).get_table_names()))
    assert found == tables | {"alembic_version"}


def test_read_then_write_by_eight_threads_loses_no_update(store: Store, place: Place) -> None:
    card = {"id": "n", "count": 0}
    store.transact(lambda c: cards.add(c, place, "counter", 1, card, NOW))

    def add(connection: Connection) -> None:
        found = select(cards.cards.c.view).where(cards.cards.c.id == "counter")
        if not store.is_sqlite:
            found = found.with_for_update()
        view = connection.execute(found).scalar_one()
        connection.execute(update(cards.cards).values(view={**view, "count": view["count"] + 1}))

    def work() -> None:
        for _ in range(10):
            store.transact(add)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.transact(lambda c: cards.find(c, place.tenant_id, "counter")).view["count"] == 80


def test_sqlite_is_opened_with_wal_and_foreign_keys(sqlite: str) -> None:
    store = Store(sqlite)
    pragmas = {name: store.transact(lambda c, name=name: c.execute(text(f"PRAGMA {name}")).scalar()) for name in (
        "journal_mode", "foreign_keys", "busy_timeout", "synchronous")}  # fmt: skip
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000, "synchronous": 1}


def test_a_row_that_points_nowhere_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError):
        store.transact(
            lambda c: c.execute(
                table(Person).insert(), {"tenant_id": 999, "external_id": "x", "timezone": "Europe/London", "created_at": NOW}
            )
        )


def test_times_come_back_aware_and_at_the_same_instant(store: Store) -> None:
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    store.transact(lambda c: people.tenant_id(c, "slack", "T9", summer))
    found = store.transact(lambda c: c.execute(select(tenants.c.created_at).where(tenants.c.external_id == "T9")).scalar_one())
    assert found == summer
    assert found.utcoffset() == timedelta(0)


def test_a_naive_time_is_refused(store: Store) -> None:
    with pytest.raises((ValueError, TypeError, StatementError)):
        store.transact(lambda c: people.tenant_id(c, "slack", "T9", datetime(2026, 7, 1)))  # noqa: DTZ001


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def work(connection: Connection) -> None:
        people.tenant_id(connection, "slack", "T7", NOW)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        store.transact(work)
    assert store.transact(lambda c: c.execute(select(tenants.c.id).where(tenants.c.external_id == "T7")).scalar()) is None


def test_json_is_stored_whole_and_read_back_equal(store: Store, place: Place) -> None:
    state = {"place": "standard RR2", "trail": ["themes"], "asked": "ünïcode 🚪"}
    store.transact(lambda c: people.write_dialogue(c, place, state, NOW, new=True))
    person, found = store.transact(lambda c: people.read(c, place))
    assert found == state
    assert person.roles == ("operative",)
    store.transact(lambda c: people.write_dialogue(c, place, {"place": None}, NOW, new=False))
    assert store.transact(lambda c: people.read(c, place))[1] == {"place": None}
    assert store.transact(lambda c: c.execute(select(table(Dialogue).c.tenant_id)).scalars().all()) == [place.tenant_id]


def test_one_tenant_cannot_read_anothers_card(store: Store, place: Place) -> None:
    other = store.transact(lambda c: people.tenant_id(c, "slack", "T2", NOW))
    store.transact(lambda c: cards.add(c, place, "mine", 1, {}, NOW))
    assert store.transact(lambda c: cards.find(c, other, "mine")) is None


def test_a_person_or_tenant_is_made_once(store: Store, place: Place) -> None:
    again = store.transact(lambda c: people.place(c, people.tenant_id(c, "slack", "T1", NOW), "dm:U1", "U1", NOW))
    assert again == place
    assert len(store.transact(lambda c: c.execute(select(table(Tenant).c.id)).all())) == 1


class TestBuckets:
    def test_one_a_second_after_the_burst(self, store: Store, place: Place) -> None:
        limit = Limit("send", 1.0, 3)
        at = [store.transact(lambda c: buckets.reserve(c, place.tenant_id, [limit], NOW)) for _ in range(4)]
        assert at[:3] == [None, None, None]
        assert at[3] == NOW + timedelta(seconds=1)
        later = NOW + timedelta(seconds=1)
        assert store.transact(lambda c: buckets.reserve(c, place.tenant_id, [limit], later)) is None

    def test_a_full_bucket_takes_nothing_from_the_others(self, store: Store, place: Place) -> None:
        narrow, wide = Limit("narrow", 10.0), Limit("wide", 1.0)
        store.transact(lambda c: buckets.reserve(c, place.tenant_id, [narrow], NOW))
        assert store.transact(lambda c: buckets.reserve(c, place.tenant_id, [narrow, wide], NOW)) == NOW + timedelta(seconds=10)
        assert store.transact(lambda c: buckets.reserve(c, place.tenant_id, [wide], NOW)) is None

    def test_a_pause_holds_however_large_the_burst(self, store: Store, place: Place) -> None:
        limit = Limit("send", 1.0, 60)
        until = NOW + timedelta(seconds=30)
        store.transact(lambda c: buckets.pause(c, place.tenant_id, [limit], until))
        assert store.transact(lambda c: buckets.reserve(c, place.tenant_id, [limit], NOW)) == until
        assert store.transact(lambda c: buckets.reserve(c, place.tenant_id, [limit], until)) is None

    @pytest.mark.parametrize(("platform", "most", "window", "mean"), [("teams", 50, 1.0, 30.0), ("slack", 300, 60.0, 4.0)])
    def test_a_broadcast_stays_under_the_platforms_limit_and_makes_up_for_a_pause(
        self, store: Store, place: Place, platform: str, most: int, window: float, mean: float
    ) -> None:
        """Everybody's chat is another one; whoever asks too soon comes back when it was told to, as delivery does."""
        limits = LIMITS[platform]
        sent: list[float] = []

        def run(connection: Connection) -> None:
            now, paused = NOW, False
            while (ahead := (now - NOW).total_seconds()) < 120:
                if ahead > 40 and not paused:
                    paused = True
                    buckets.pause(connection, place.tenant_id, limits("c"), now + timedelta(seconds=5))
                later = buckets.reserve(connection, place.tenant_id, limits(f"c{len(sent)}"), now)
                if later is None:
                    sent.append(ahead)
                now = max(later, now + timedelta(milliseconds=1)) if later else now

        store.transact(run)
        assert max(sum(start <= at < start + window for at in sent) for start in sent) <= most
        assert not [at for at in sent if 40.01 < at < 45]
        assert len(sent) >= 120 * mean

    def test_two_tenants_dont_share(self, store: Store, place: Place) -> None:
        other = store.transact(lambda c: people.tenant_id(c, "slack", "T2", NOW))
        limit = Limit("send", 60.0)
        assert store.transact(lambda c: buckets.reserve(c, place.tenant_id, [limit], NOW)) is None
        assert store.transact(lambda c: buckets.reserve(c, other, [limit], NOW)) is None


def test_database_urls_get_our_drivers_and_others_a_plain_line() -> None:
    assert database_url("postgres://u:p@h/d").drivername == "postgresql+psycopg"
    assert database_url("postgresql://h/d").drivername == "postgresql+psycopg"
    assert database_url("sqlite:////tmp/x.db").drivername == "sqlite"
    for wrong in ("mysql://h/d", "nonsense", ""):
        with pytest.raises(ValueError, match=r"names mysql|is not a database URL"):
            database_url(wrong)


def test_a_database_that_isnt_there_is_storage_down() -> None:
    store = Store("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageDown):
        store.ping()
