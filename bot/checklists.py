"""The checklists of a contract: the pack's, with what the contract drops, rewords and adds."""

from collections.abc import Mapping
from typing import Any

from content import Checklist, Item, Pack
from storage.people import ContractRecord


def own_checklists(pack: Pack, contract: ContractRecord | None) -> dict[str, Checklist]:
    """By id. An addition whose standard isn't in the pack is left out: it could not say why it is asked."""
    changes: Mapping[str, Any] = ((contract.settings if contract else None) or {}).get("checklists") or {}
    return {one.id: _changed(one, changes[one.id], pack) if one.id in changes else one for one in pack.checklists}


def _changed(checklist: Checklist, change: Mapping[str, Any], pack: Pack) -> Checklist:
    dropped, reworded = set(change.get("drop") or ()), change.get("reword") or {}
    kept = [
        item.model_copy(update={"ask": reworded[item.id]}) if item.id in reworded else item
        for item in checklist.items
        if item.id not in dropped or item.stop
    ]
    added = [Item.model_validate(one) for one in change.get("add") or ()]
    known = [item for item in added if item.standard.upper() in pack.by_id]
    return checklist.model_copy(update={"items": (*kept, *known)})


def asked_of(checklist: Checklist, flags: frozenset[str]) -> list[Item]:
    """The items of one visit: those for every visit, and those that a flag calls for."""
    return [item for item in checklist.items if item.only is None or item.only in flags]
