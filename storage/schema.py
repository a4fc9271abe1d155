"""Brings the tables up to date, and says whether they are."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.errors import SchemaOutdated
from storage.store import Store
from storage.tables import metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(store: Store) -> None:
    """Run every migration that has not run yet, in one transaction. Safe to call again and from two processes."""

    def work(connection: Connection) -> None:
        if not store.is_sqlite:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7236001)")
        command.upgrade(_config(connection), "head")

    store.transact(work)


def check(store: Store) -> None:
    """Raise SchemaOutdated unless the tables are exactly at this program's newest migration."""
    store.transact(check_on)


def check_on(connection: Connection) -> None:
    """`check` on an open connection."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    found = MigrationContext.configure(connection).get_current_revision()
    if found != newest:
        raise SchemaOutdated(f"the tables are at {found or 'nothing'}, this program needs {newest}: run doorstep db upgrade")


def drift(store: Store) -> list[object]:
    """Differences between the migrated tables and the classes; empty when no migration is missing."""
    return store.transact(
        lambda connection: list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))
    )
