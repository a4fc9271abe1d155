"""`doorstep erase` and `doorstep export`: taking somebody's data away, and giving it to them."""

import json
import sys
from datetime import UTC, datetime

from adapters import settings as settings_module
from adapters.cli.database import number_of, opened
from storage import life
from storage.files import FileStore


def erase(code: str) -> int:
    """Everything of a person, rows and files. The audit keeps that it was done, and nothing of what it was."""
    number = number_of(code, "erase")
    if number is None:
        return 2
    files = FileStore(settings_module.load().files)
    with opened() as store:
        there, photos = store.transact(lambda c: life.erase(c, number, datetime.now(UTC)))
    for photo in photos:
        files.remove(photo)
    if not there:
        print(f"doorstep erase: nobody has the code P{number}.")
        return 1
    print(f"P{number} is erased, {len(photos)} photos with them.")
    return 0


def export_person(code: str) -> int:
    """A subject-access export as JSON."""
    number = number_of(code, "export")
    if number is None:
        return 2
    with opened() as store:
        found = store.transact(lambda c: life.everything_about(c, number))
    if found is None:
        print(f"doorstep export: nobody has the code P{number}.", file=sys.stderr)
        return 1
    print(json.dumps(found, indent=2, default=str, ensure_ascii=False))
    return 0
