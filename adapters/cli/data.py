"""`doorstep erase` and `doorstep export`: taking somebody's data away, giving it to them, and issues in a file."""

import json
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path

from adapters import settings as settings_module
from adapters.cli.database import number_of, opened
from adapters.errors import SettingsError
from adapters.exports import write_csv, write_open311, write_xlsx
from content import load_pack
from storage import life
from storage.files import FileStore
from storage.register import Wanted, every_issue
from storage.store import Connection


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


def export_issues(kind: str, file: Path | None, contract: str | None, since: date | None, *, restricted: bool) -> int:
    """Issues as CSV, XLSX or Open311 JSON; restricted categories only when asked for.

    Raises:
        SettingsError: XLSX needs a file to go to.
    """
    pack = load_pack(settings_module.load().doorstep_pack)
    if kind == "xlsx" and file is None:
        raise SettingsError("an XLSX export needs a file: doorstep export issues --format xlsx --file issues.xlsx")
    start = datetime.combine(since, time(), UTC) if since else None

    def work(connection: Connection) -> int:
        rows = every_issue(connection, Wanted(contract=contract, since=start, restricted=restricted))
        if kind == "xlsx" and file is not None:
            return write_xlsx(rows, pack, file)
        write = write_csv if kind == "csv" else write_open311
        if file is None:
            return write(rows, pack, sys.stdout)
        with file.open("w", encoding="utf-8", newline="") as out:
            return write(rows, pack, out)

    with opened() as store:
        count = store.transact(work)
    print(f"{count} issues exported.", file=sys.stderr)
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
