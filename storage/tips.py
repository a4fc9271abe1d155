"""Tips and what became of them: who was sent one, who answered its question, and who was right at once. And quiz answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, insert, select, update

from storage.people import people, roles, teams
from storage.store import insert_once
from storage.tables import Outbox, table
from storage.work_tables import QuizAnswer, Tip, TipReceipt

tips, receipts, answers, outbox = table(Tip), table(TipReceipt), table(QuizAnswer), table(Outbox)


@dataclass(frozen=True)
class TipRecord:
    """A tip. `audience` narrows it down: `{"team": id}`, `{"role": name}`, both or neither."""

    id: int
    tenant_id: int
    author_id: int
    contract_id: int | None
    standard: str
    text: str
    audience: dict[str, Any]
    state: str
    due_at: datetime | None
    approved_by: int | None


_COLUMNS: tuple[Any, ...] = tuple(tips.c[name] for name in TipRecord.__dataclass_fields__)


def make(connection: Connection, values: dict[str, Any], now: datetime) -> TipRecord:
    """A new draft."""
    made = connection.execute(insert(tips).values(**values, state="draft", created_at=now).returning(*_COLUMNS)).one()
    return TipRecord(*made)


def find(connection: Connection, tenant_id: int, identity: int) -> TipRecord | None:
    """The tenant's tip with this id."""
    row = connection.execute(
        select(*_COLUMNS).where(tips.c.id == identity, tips.c.tenant_id == tenant_id).with_for_update()
    ).first()
    return TipRecord(*row) if row else None


def change(connection: Connection, tip: TipRecord, values: dict[str, Any]) -> TipRecord:
    """Write changed columns."""
    return TipRecord(*connection.execute(update(tips).where(tips.c.id == tip.id).values(**values).returning(*_COLUMNS)).one())


def latest(connection: Connection, tenant_id: int, contract_ids: Collection[int] | None, limit: int) -> list[TipRecord]:
    """The newest tips; with `contract_ids`, of these contracts and of the whole tenant."""
    wanted = select(*_COLUMNS).where(tips.c.tenant_id == tenant_id, tips.c.state != "draft")
    if contract_ids is not None:
        wanted = wanted.where(tips.c.contract_id.in_(list(contract_ids)) | tips.c.contract_id.is_(None))
    return [TipRecord(*row) for row in connection.execute(wanted.order_by(tips.c.id.desc()).limit(limit))]


def due(connection: Connection, now: datetime) -> list[TipRecord]:
    """Tips whose time has come and that aren't done, locked; one that another worker has is left to it."""
    wanted = select(*_COLUMNS).where(tips.c.state.in_(("scheduled", "sending")), tips.c.due_at <= now).order_by(tips.c.id)
    return [TipRecord(*row) for row in connection.execute(wanted.limit(50).with_for_update(skip_locked=True))]


def audience(connection: Connection, tip: TipRecord) -> list[int]:
    """Who it is for: everybody of its contract, or of the tenant, narrowed down; not those who opted out, nor the author."""
    return list(connection.execute(_audience(tip).order_by(people.c.id)).scalars())


def _audience(tip: TipRecord) -> Select[Any]:
    wanted = (
        select(people.c.id)
        .select_from(people.outerjoin(teams, teams.c.id == people.c.team_id))
        .where(people.c.tenant_id == tip.tenant_id, people.c.tips_off.is_(False), people.c.id != tip.author_id)
    )
    if tip.contract_id is not None:
        wanted = wanted.where(teams.c.contract_id == tip.contract_id)
    if team := tip.audience.get("team"):
        wanted = wanted.where(people.c.team_id == team)
    if (only := tip.audience.get("only")) is not None:
        wanted = wanted.where(people.c.id.in_(only))
    if role := tip.audience.get("role"):
        wanted = wanted.where(people.c.id.in_(select(roles.c.person_id).where(roles.c.role == role)))
    return wanted


def waiting(connection: Connection, tip: TipRecord, *, after: int = 0, limit: int | None = None) -> list[int]:
    """Whom it hasn't reached yet, by number, from behind `after`."""
    had = select(receipts.c.person_id).where(receipts.c.tip_id == tip.id, receipts.c.person_id == people.c.id).exists()
    wanted = _audience(tip).where(~had, people.c.id > after).order_by(people.c.id)
    return list(connection.execute(wanted if limit is None else wanted.limit(limit)).scalars())


def reached(connection: Connection, tip: TipRecord, person_id: int, state: str, now: datetime) -> None:
    """Note that it was put into somebody's chat, or why not."""
    row = {"tip_id": tip.id, "person_id": person_id, "tenant_id": tip.tenant_id, "state": state, "at": now, "tries": 0}
    insert_once(connection, receipts, row, "tip_id")


def answered(connection: Connection, tip_id: int, person_id: int, *, right: bool, now: datetime) -> None:
    """Note an answer; only the first counts for "right at once"."""
    mine = (receipts.c.tip_id == tip_id) & (receipts.c.person_id == person_id)
    first = case((receipts.c.tries == 0, right), else_=receipts.c.right_first)
    connection.execute(
        update(receipts).where(mine).values(state="answered", tries=receipts.c.tries + 1, right_first=first, at=now)
    )


def report(connection: Connection, tip: TipRecord) -> dict[str, int]:
    """How many by state, and `right` at the first try."""
    rows = connection.execute(
        select(receipts.c.state, func.count(), func.sum(case((receipts.c.right_first.is_(True), 1), else_=0)))
        .where(receipts.c.tip_id == tip.id)
        .group_by(receipts.c.state)
    ).all()
    return {**{row[0]: int(row[1]) for row in rows}, "right": sum(int(row[2] or 0) for row in rows)}


def delivered(connection: Connection, tip: TipRecord) -> dict[str, list[int]]:
    """Everybody it is for, by what became of it: answered, sent, waiting, suppressed, failed and the like, see `_OUTCOMES`."""
    found: dict[str, list[int]] = {}
    left = select(outbox.c.card_id, func.max(outbox.c.id).label("last")).where(
        outbox.c.tenant_id == tip.tenant_id, outbox.c.card_id.like(f"tip-{tip.id}-%")
    )
    latest = left.group_by(outbox.c.card_id).subquery()
    states = {
        row.card_id: row.state
        for row in connection.execute(select(outbox.c.card_id, outbox.c.state).join(latest, latest.c.last == outbox.c.id))
    }
    for row in connection.execute(select(receipts.c.person_id, receipts.c.state).where(receipts.c.tip_id == tip.id)):
        state = row.state
        if state == "sent":
            state = _OUTCOMES.get(states.get(f"tip-{tip.id}-{row.person_id}", "sent"), "sent")
        found.setdefault(state, []).append(row.person_id)
    if tip.state in ("scheduled", "sending"):
        found["waiting"] = waiting(connection, tip)
    off = select(people.c.id).where(people.c.tenant_id == tip.tenant_id, people.c.tips_off.is_(True))
    if tip.contract_id is not None:
        off = off.where(people.c.team_id.in_(select(teams.c.id).where(teams.c.contract_id == tip.contract_id)))
    found["opted out"] = list(connection.execute(off).scalars())
    return {state: sorted(who) for state, who in found.items() if who}


_OUTCOMES = {"pending": "on its way", "sending": "on its way", "suppressed": "suppressed", "unsure": "unsure", "dead": "failed"}


def again(connection: Connection, tip: TipRecord, now: datetime) -> int:
    """The same once more, for those alone who had it, or may not have, and didn't answer; how many they are."""
    found = delivered(connection, tip)
    missing = sorted((*found.get("sent", []), *found.get("unsure", [])))
    if missing:
        row = {name: getattr(tip, name) for name in ("tenant_id", "author_id", "contract_id", "standard", "text")}
        made = make(connection, {**row, "audience": {"only": missing, "again": tip.id}, "due_at": now}, now)
        change(connection, made, {"state": "scheduled", "approved_by": tip.approved_by})
    return len(missing)


def again_at(connection: Connection, tip: TipRecord, due_at: datetime, now: datetime) -> TipRecord:
    """The same tip once more, at that time, for whom it is for."""
    names = ("tenant_id", "author_id", "contract_id", "standard", "text", "audience")
    made = make(connection, {**{name: getattr(tip, name) for name in names}, "due_at": due_at}, now)
    return change(connection, made, {"state": "scheduled", "approved_by": tip.approved_by})


def opt(connection: Connection, person_id: int, *, off: bool) -> None:
    """Tips for this person: off, or on again."""
    connection.execute(update(people).where(people.c.id == person_id).values(tips_off=off))


def quizzed(
    connection: Connection, tenant_id: int, person_id: int, standard: str, item: str, *, right: bool, now: datetime
) -> None:
    """Keep an answer to a quiz question."""
    row = {"tenant_id": tenant_id, "person_id": person_id, "standard": standard, "item": item, "right": right, "at": now}
    connection.execute(insert(answers), row)


def record(connection: Connection, tenant_id: int, person_id: int) -> list[tuple[str, str, bool, datetime]]:
    """A person's own quiz answers, oldest first: standard, item, right, when."""
    wanted = select(answers.c.standard, answers.c.item, answers.c.right, answers.c.at).where(
        answers.c.tenant_id == tenant_id, answers.c.person_id == person_id
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(wanted.order_by(answers.c.id).limit(2000))]


def results(
    connection: Connection, tenant_id: int, contract_ids: Collection[int] | None, since: datetime
) -> list[tuple[str, int, int]]:
    """By standard: answers and right ones since then; the worst known first. Nobody's name."""
    wanted = (
        select(answers.c.standard, func.count(), func.sum(case((answers.c.right.is_(True), 1), else_=0)))
        .select_from(answers.join(people, people.c.id == answers.c.person_id).outerjoin(teams, teams.c.id == people.c.team_id))
        .where(answers.c.tenant_id == tenant_id, answers.c.at >= since)
        .group_by(answers.c.standard)
    )
    if contract_ids is not None:
        wanted = wanted.where(teams.c.contract_id.in_(list(contract_ids)))
    rows = [(row[0], int(row[1]), int(row[2] or 0)) for row in connection.execute(wanted)]
    return sorted(rows, key=lambda row: row[2] / row[1])
