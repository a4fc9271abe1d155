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


def number_of(code: str, command: str) -> int | None:
    """The number in a person's code such as P27; None, and a line that says so, for what is none."""
    digits = code.lower().removeprefix("p")
    if digits.isdigit():
        return int(digits)
    print(f"doorstep {command}: {code} is no code. Somebody finds theirs by typing: who am i")
    return None
