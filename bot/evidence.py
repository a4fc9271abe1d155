"""The evidence of a stretch of time for one theme or all: what was told to whom and how it landed, and what visits show.

It supports a self-assessment. It accredits nobody, and says so on its first line.
"""

from datetime import datetime
from statistics import median
from typing import Any

from content import Pack, Theme
from storage import monthly, tips, visits
from storage.monthly import Span
from storage.people import ContractRecord
from storage.store import Connection

ABOUT = "This supports self-assessment. It is no accreditation, and no measure of tenants' satisfaction."

SAID = 50


def evidence_of(
    connection: Connection, pack: Pack, contract: ContractRecord, span: Span, theme: Theme | None, now: datetime
) -> dict[str, Any]:
    """Plain data: counts and wordings, nobody's code."""
    standards = [one for one in pack.standards if theme is None or one.id in {found.id for found in pack.under(theme)}]
    ids = {one.id for one in standards}
    return {
        "about": ABOUT,
        "pack": {"name": pack.about.name, "version": pack.about.version, "hash": pack.hash},
        "contract": contract.name,
        "theme": theme.name if theme else None,
        "from": span.since.isoformat(),
        "until": span.until.isoformat(),
        "made_at": now.isoformat(),
        "standards": [one.model_dump(include={"id", "version", "title", "statement"}) for one in standards],
        "tips": _tips(connection, pack, span, None if theme is None else ids),
        "quizzes": [
            {"standard": one, "answers": count, "right": right}
            for one, count, right in tips.results(connection, span.tenant_id, {span.contract_id}, span.since)
            if one.upper() in ids
        ],
        "visits": _visits(connection, pack, span, ids),
        "residents": _residents(connection, span),
        "you_said_we_did": [
            {"kind": kind, "said": said, "did": did} for kind, said, did in monthly.said_and_did(connection, span, SAID)
        ],
    }


def _tips(connection: Connection, pack: Pack, span: Span, ids: set[str] | None) -> list[dict[str, Any]]:
    return [
        {
            "standard": one.standard or None, "version": pack.by_id[one.standard.upper()].version if one.standard else None,
            "text": one.text or None, "sent_at": one.due_at.isoformat(), "audience": one.audience, "reached": one.sent,
            "answered": one.answered, "right_at_first": one.right_first, "not_reached": one.not_reached,
        }
        for one in monthly.tips_sent(connection, span)
        if ids is None or one.standard.upper() in ids
    ]  # fmt: skip


def _visits(connection: Connection, pack: Pack, span: Span, ids: set[str]) -> dict[str, Any]:
    rates = visits.rates(connection, span.tenant_id, {span.contract_id}, span.since, span.until)
    items = {(one.id, item.id): item for one in pack.checklists for item in one.items if item.standard.upper() in ids}
    shown = [
        {"asks": items[key].ask, "standard": items[key].standard, **answers}
        for key, answers in sorted(rates.by_item.items())
        if key in items
    ]
    return {"begun": rates.visits, "finished": rates.done, "too_fast_to_mean_anything": rates.too_fast, "items": shown}


def _residents(connection: Connection, span: Span) -> dict[str, Any]:
    fixed = monthly.fixed(connection, span)
    hours = [
        (one.told_at - one.fixed_at).total_seconds() / 3600 for one in fixed if one.told_at and one.told_at >= one.fixed_at
    ]
    middle = round(median(hours), 1) if hours else None
    return {"issues_fixed": len(fixed), "residents_told": len(hours), "median_hours_from_fixed_to_told": middle}
