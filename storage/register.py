"""Issues as rows for a file, read in pieces: a million of them never stand in memory at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

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


@dataclass(frozen=True)
class Wanted:
    """Which issues; whatever isn't said doesn't narrow them. Restricted categories only where they are asked for."""

    contract: str | None = None
    tenant_id: int | None = None
    contract_id: int | None = None
    number: int | None = None
    state: str | None = None
    closed: bool | None = None
    category: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed_since: datetime | None = None
    restricted: bool = False

    def clauses(self) -> Iterator[ColumnElement[bool]]:
        """What a row must meet."""
        same = {
            contracts.c.name: self.contract, issues.c.tenant_id: self.tenant_id, issues.c.contract_id: self.contract_id,
            issues.c.number: self.number, issues.c.state: self.state, issues.c.category: self.category,
        }  # fmt: skip
        yield from (column == value for column, value in same.items() if value is not None)
        yield issues.c.merged_into.is_(None)
        if self.since:
            yield issues.c.logged_at >= self.since
        if self.until:
            yield issues.c.logged_at <= self.until
        if self.changed_since:
            yield issues.c.changed_at >= self.changed_since
        if self.closed is not None:
            yield issues.c.state == "closed" if self.closed else issues.c.state != "closed"
        if not self.restricted:
            yield issues.c.restricted.is_(False)


def rows(connection: Connection, wanted: Wanted, *, after: int = 0, limit: int = PIECE) -> list[Row]:
    """Issues that weren't merged into another, oldest first, from behind the row id `after`."""
    joined = issues.join(tenants, tenants.c.id == issues.c.tenant_id).outerjoin(
        contracts, contracts.c.id == issues.c.contract_id
    )
    found: Any = select(*_COLUMNS).select_from(joined).where(issues.c.id > after, *wanted.clauses())
    return [_as_row(row._mapping) for row in connection.execute(found.order_by(issues.c.id).limit(limit))]


def _as_row(stored: Mapping[Any, Any]) -> Row:
    known: dict[str, Any] = {name: value if value is not None or name in _MAYBE else "" for name, value in stored.items()}
    codes = {name: f"P{known[name]}" if known[name] else "" for name in ("reporter", "owner")}
    return Row(**{**known, **codes})


def every_issue(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Every such issue, read in pieces."""
    last = 0
    while found := rows(connection, wanted, after=last):
        yield from found
        last = found[-1].id
