"""Opens the database and runs work in transactions, off the event loop.

A unit of work is a plain function that takes a connection. It runs in a storage thread, whole, in one transaction: one hop
between threads for a turn instead of one for each statement, and no lazy load can surprise an event loop. SQLite has one
thread and one connection (writers would only fight), PostgreSQL has a pool of both.

SQLite's traps are closed here: the driver would start no transaction on SELECT (lost updates without an error), foreign
keys would be off, and a reader would block a writer.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from storage.errors import StorageDown

__all__ = ["Connection", "Store", "database_url", "insert_for", "insert_once", "open_engine"]

T = TypeVar("T")
Work = Callable[[Connection], T]

BUSY_TIMEOUT_MS = 5_000
POSTGRES_CONNECTIONS = 8


def database_url(setting: str) -> URL:
    """Turn `postgres://…` or `sqlite:///…` into a URL with the driver that we use.

    Raises:
        ValueError: the setting is no URL, or names a database that Doorstep doesn't run on.
    """
    try:
        url = make_url(setting)
    except Exception as error:
        raise ValueError("is not a database URL, such as sqlite:////var/lib/doorstep/doorstep.db") from error
    family = url.get_backend_name()
    if family in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if family == "sqlite":
        return url.set(drivername="sqlite")
    raise ValueError(f"names {family}, but Doorstep runs on SQLite and PostgreSQL")


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_engine(url: URL) -> Engine:
    """An engine with the traps of its database closed. Makes the folder of an SQLite file when it is missing."""
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False})
        _prepare_sqlite(engine)
        return engine
    return create_engine(url, pool_size=POSTGRES_CONNECTIONS, max_overflow=0, pool_pre_ping=False)


class Store:
    """The open database. `run` is for the event loop, `transact` for a command that has none."""

    def __init__(self, setting: str) -> None:
        self.url = database_url(setting)
        self.engine = open_engine(self.url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._threads = ThreadPoolExecutor(
            max_workers=1 if self.is_sqlite else POSTGRES_CONNECTIONS, thread_name_prefix="storage"
        )

    async def run(self, work: Work[T]) -> T:
        """Run `work` in one transaction in a storage thread.

        Raises:
            StorageDown: the database can't be reached or stayed locked.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.transact, work)

    def transact(self, work: Work[T]) -> T:
        """Run `work` in one transaction in this thread: commit when it returns, roll back when it raises."""
        try:
            with self.engine.begin() as connection:
                return work(connection)
        except (OperationalError, InterfaceError) as error:
            raise StorageDown(_first_line(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StorageDown(_first_line(error)) from error
            raise

    async def close(self) -> None:
        """Finish what runs, then close every connection."""
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        self.engine.dispose()

    def ping(self) -> None:
        """One round trip, outside any queue of work. Raises StorageDown."""
        self.transact(lambda connection: connection.execute(text("SELECT 1")).scalar())


def _first_line(error: DBAPIError) -> str:
    """The driver's first line: no statement and no parameters, which may hold what a person typed."""
    with suppress(Exception):
        return str(error.orig).strip().splitlines()[0]
    return type(error).__name__


@cache
def insert_for(dialect: str, target: Table) -> Any:
    """The dialect's own insert, which knows `ON CONFLICT`. Only the module of the dialect in use is loaded."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415

        return insert(target)
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # noqa: PLC0415

    return postgresql_insert(target)


@cache
def _insert_once(dialect: str, target: Table, returning: str) -> Any:
    return insert_for(dialect, target).on_conflict_do_nothing().returning(target.c[returning])


def insert_once(connection: Connection, target: Table, values: dict[str, Any], returning: str = "id") -> Any | None:
    """Insert a row unless one of its unique keys is taken; its id, or None when it was there."""
    return connection.execute(_insert_once(connection.dialect.name, target, returning), values).scalar()
