"""Whom a tip is for: a team, a role, a trade, who skipped an item of a check or was at a place lately; or everybody."""

import re
from datetime import timedelta
from typing import Any

from bot.desk import Desk
from bot.permissions import reach
from bot.understanding.places import keys
from bot.understanding.visit_words import item_named
from storage import roster, visits

ROLES = ("operative", "rlo", "supervisor", "trainer")
LATELY = timedelta(days=28)
_WHEN = r"(?= (?:on|at \d|today|tomorrow|next|mon|tue|wed|thu|fri|sat|sun|\d)|[,.]|$)"
_SKIPPED = re.compile(
    rf"(?i)\b(?:to )?(?:\w+ )?who (?:skip(?:ped)?|miss(?:ed)?|left out|sa(?:id|y) no to) (?:the |their )?(.+?){_WHEN}"
)
_AT = re.compile(
    r"(?i)\bto (?:those|everyone|everybody|people|whoever|who)(?: who)?(?: work(?:s|ed)?| was| were| are)? (?:at|on|in) "
    rf"(.+?){_WHEN}"
)


def read(desk: Desk, text: str) -> tuple[dict[str, Any], str]:
    """The audience that a line names, and the line without the words that only narrow it."""
    if (found := _SKIPPED.search(text)) and (item := _item(desk, found[1])):
        return {"only": _who_skipped(desk, item), "skipped": item}, text.replace(found[0], " ")
    if (found := _AT.search(text)) and (block := keys(found[1])[1] or found[1].lower().strip()):
        return {"only": _who_was_at(desk, block), "place": block}, text.replace(found[0], " ")
    whom = of_words(desk, text)
    if "team" not in whom and (checklist := _trade(desk, text)):
        whom |= {"only": _who_does(desk, checklist), "trade": checklist}
    return whom, text


def every(text: str) -> int | None:
    """After how many days a tip comes again: "every monday", "each fortnight", "weekly"; None for once."""
    found = re.search(r"(?i)\b(?:every|each) (\w+)|\b(weekly|fortnightly|monthly)\b", text)
    if found is None:
        return None
    word = (found[1] or found[2]).lower()
    days = {"month": 28, "monthly": 28, "fortnight": 14, "fortnightly": 14, "other": 14, "week": 7, "weekly": 7}
    return days.get(word) or (7 if re.match(r"(?:mon|tue|wed|thu|fri)", word) else None)


def of_words(desk: Desk, text: str) -> dict[str, Any]:
    """The team and the role that stand anywhere in a line."""
    plain = text.lower()
    teams = roster.every_team(desk.records, desk.person.tenant_id)
    team = next((one for one in teams if re.search(rf"\b{re.escape(one.name.lower())}\b", plain)), None)
    role = next((role for role in ROLES if re.search(rf"\b{role}s?\b", plain)), None)
    return {**({"team": team.id} if team else {}), **({"role": role} if role else {})}


def _item(desk: Desk, words: str) -> str | None:
    items = [item for checklist in desk.pack.checklists for item in checklist.items]
    found = item_named(words.lower(), items)
    return found.id if found else None


def _trade(desk: Desk, text: str) -> str | None:
    """The kind of check that a trade's people make, where a line names them: "to the roofers"."""
    named = ((name, one.id) for one in desk.pack.checklists for name in one.trade)
    return next(
        (kind for name, kind in named if re.search(rf"(?i)\bto (?:the |all |all the )?{re.escape(name)}\b", text)), None
    )


def _who_does(desk: Desk, checklist: str) -> list[int]:
    return visits.who_did(desk.records, desk.person.tenant_id, reach(desk.person).contracts, checklist, desk.now - LATELY)


def _who_skipped(desk: Desk, item: str) -> list[int]:
    return visits.who_skipped(desk.records, desk.person.tenant_id, reach(desk.person).contracts, item, desk.now - LATELY)


def _who_was_at(desk: Desk, block: str) -> list[int]:
    seen = visits.whereabouts(desk.records, desk.person.tenant_id, reach(desk.person).contracts, desk.now - LATELY)
    return sorted({person for person, place in seen if block in (keys(place)[1] or place.lower())})
