"""Issues in a file: CSV, XLSX, or service requests in the form of Open311 GeoReport v2 (as JSON).

Open311 knows only `open` and `closed`; the state itself goes into `status_notes`. People are codes in all of them.
"""

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from bot.references import reference
from content import Pack
from storage.register import Row

HEAD = (
    "reference",
    "contract",
    "category",
    "kind",
    "priority",
    "state",
    "place",
    "postcode",
    "room",
    "seen",
    "complaint",
    "standard",
    "reporter",
    "owner",
    "logged",
    "due",
    "changed",
    "resident told",
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def _cells(row: Row, names: dict[str, str]) -> list[str]:
    moments = (row.logged_at, row.due_at, row.changed_at, row.told_at)
    times = [moment.isoformat(timespec="minutes") if moment else "" for moment in moments]
    return [
        reference(row.number),
        row.contract,
        row.category,
        names.get(row.category, row.category),
        row.priority,
        row.state,
        row.place,
        row.postcode,
        row.room,
        row.text,
        row.complaint,
        row.standard,
        row.reporter,
        row.owner,
        *times,
    ]


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is kept as text."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def names_of(pack: Pack) -> dict[str, str]:
    """What the categories are called, by code."""
    return {category.code: category.name for category in pack.categories}


def write_csv(rows: Iterable[Row], pack: Pack, out: TextIO) -> int:
    """Rows as CSV; how many."""
    names, count = names_of(pack), 0
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in rows:
        writer.writerow([_safe(cell) for cell in _cells(row, names)])
        count += 1
    return count


def write_xlsx(rows: Iterable[Row], pack: Pack, path: Path) -> int:
    """Rows as a workbook, row by row to disk; how many."""
    names, count = names_of(pack), 0
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Issues")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(HEAD) - 1, 16)
        sheet.write_row(0, 0, HEAD, book.add_format({"bold": True}))
        for count, row in enumerate(rows, 1):
            sheet.write_row(count, 0, _cells(row, names))
    return count


def write_open311(rows: Iterable[Row], pack: Pack, out: TextIO) -> int:
    """Rows as a JSON list of service requests; how many."""
    names, count = names_of(pack), 0
    out.write("[")
    for row in rows:
        out.write(("," if count else "") + "\n" + json.dumps(service_request(row, names), ensure_ascii=False))
        count += 1
    out.write("\n]\n")
    return count


def service_request(row: Row, names: dict[str, str]) -> dict[str, Any]:
    """A row as Open311 GeoReport v2 says it."""
    """A row as Open311 GeoReport v2 says it."""
    return {
        "service_request_id": reference(row.number),
        "status": "closed" if row.state == "closed" else "open",
        "status_notes": row.state,
        "service_name": names.get(row.category, row.category),
        "service_code": row.category,
        "description": row.text,
        "agency_responsible": row.contract,
        "requested_datetime": _when(row.logged_at),
        "updated_datetime": _when(row.changed_at),
        "expected_datetime": _when(row.due_at),
        "address": ", ".join(part for part in (row.place, row.room) if part),
        "zipcode": row.postcode,
    }


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
