"""Issues as rows for a file, read in pieces: a million of them never stand in memory at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.issues import issues
from storage.people import contracts, tenants

PIECE = 1000


@dataclass(frozen=True)
class Row:
    """An issue as an export shows it. People are codes."""

    id: int
    tenant: str
    contract: str
    number: int
    category: str
    priority: str
    place: str
    postcode: str
    room: str
    text: str
    complaint: str
    state: str
    standard: str
    reporter: str
    owner: str
    logged_at: datetime
    changed_at: datetime
    due_at: datetime | None
    told_at: datetime | None


_MAYBE = frozenset({"due_at", "told_at"})
_ELSEWHERE: dict[str, Any] = {
    "tenant": tenants.c.external_id,
    "contract": contracts.c.name,
    "reporter": issues.c.person_id,
    "owner": issues.c.owner_id,
}


def _column(name: str) -> Any:
    return _ELSEWHERE[name] if name in _ELSEWHERE else issues.c[name]


_COLUMNS: tuple[Any, ...] = tuple(_column(name).label(name) for name in Row.__dataclass_fields__)


def every_issue(
    connection: Connection, *, contract: str | None = None, since: datetime | None = None, restricted: bool = False
) -> Iterator[Row]:
    """Every issue that wasn't merged into another, oldest first; restricted categories only where they are asked for."""
    joined = issues.join(tenants, tenants.c.id == issues.c.tenant_id).outerjoin(
        contracts, contracts.c.id == issues.c.contract_id
    )
    wanted: Any = select(*_COLUMNS).select_from(joined).where(issues.c.merged_into.is_(None)).order_by(issues.c.id).limit(PIECE)
    if contract is not None:
        wanted = wanted.where(contracts.c.name == contract)
    if since is not None:
        wanted = wanted.where(issues.c.logged_at >= since)
    if not restricted:
        wanted = wanted.where(issues.c.restricted.is_(False))
    last = 0
    while rows := connection.execute(wanted.where(issues.c.id > last)).all():
        for row in rows:
            last = row.id
            known: dict[str, Any] = {
                name: value if value is not None or name in _MAYBE else "" for name, value in row._mapping.items()
            }
            codes = {name: f"P{known[name]}" if known[name] else "" for name in ("reporter", "owner")}
            yield Row(**{**known, **codes})
