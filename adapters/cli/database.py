"""The database, open for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from adapters import settings as settings_module
from storage import schema
from storage.store import Store


@contextmanager
def opened() -> Iterator[Store]:
    """The store of the settings, checked to be up to date, closed at the end.

    Raises:
        SettingsError, SchemaOutdated, StorageDown: one line each for the operator.
    """
    store = Store(settings_module.load().database)
    try:
        schema.check(store)
        yield store
    finally:
        store.engine.dispose()
