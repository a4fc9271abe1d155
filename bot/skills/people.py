"""Who somebody is to the bot: their code, roles, team and contract; and what an admin or supervisor may change about it.

People have codes (P27), not names: the bot keeps no names. A change is written to the audit in the same transaction.
"""

from typing import Any

from pydantic import ValidationError

from bot.calendars import WorkingCalendar
from bot.contract import COLUMNS, ContractFile, changed
from bot.desk import Desk
from bot.permissions import may, reach, who_can
from bot.reply import Block, Button, Card, label
from bot.skills.vocabulary import Answer, Verbs
from storage import audit, roster
from storage.audit import Entry
from storage.people import ContractRecord
from storage.roster import Member

MOST = 15


def refused(desk: Desk, act: str) -> Answer:
    """A friendly no that says who can."""
    text = desk.say("refused.act", who=who_can(act))
    return Answer(Card(desk.say("refused.title"), (Block("say", text),), (desk.button("me", "me"),)), place=False)


def _said(desk: Desk, title: str, text: str, *buttons: Button) -> Answer:
    return Answer(Card(title, (Block("say", text),), buttons or (desk.button("me", "me"),)), place=False)


def me(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`me`: the person's code, roles, team and contract."""
    person, contract = desk.person, desk.person.contract
    where = desk.say("me.team", team=contract.team, contract=contract.name) if contract else desk.say("me.no_team")
    lines = (desk.say("me.roles", roles=", ".join(person.roles)), where, desk.say("me.code", code=f"P{person.id}"))
    buttons = (desk.button("team", "team"), *((desk.button("contract", "contract"),) if contract else ()))
    return Answer(Card(desk.say("me.title", code=f"P{person.id}"), (Block("points", items=lines),), buttons))


def team(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`team`: pick one; `team 3`: join it."""
    tenant = desk.person.tenant_id
    if args and roster.join(desk.records, tenant, desk.person.id, int(args[0]), desk.person.id, desk.now):
        found = roster.team(desk.records, tenant, int(args[0]))
        name, contract = (found.name, found.contract) if found else ("", "")
        return _said(desk, desk.say("team.joined_title"), desk.say("team.joined", team=name, contract=contract))
    teams = roster.every_team(desk.records, tenant)
    if not teams:
        return _said(desk, desk.say("team.title"), desk.say("team.none"))
    lines = tuple(f"{one.id}: {one.name}, {one.contract}" for one in teams)
    buttons = tuple(Button(label(one.name), f"team {one.id}", hint=one.contract[:75]) for one in teams[:20])
    return Answer(Card(desk.say("team.title"), (Block("say", desk.say("team.pick")), Block("points", items=lines)), buttons))


def people(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`people`: those the person's roles reach."""
    if not may(desk.person.roles, "see people"):
        return refused(desk, "see people")
    seen = reach(desk.person)
    found = roster.members(desk.records, seen.tenant_id, seen.contracts)
    lines = tuple(_line(member) for member in found[:MOST])
    if len(found) > MOST:
        lines = (*lines, desk.say("people.more", count=len(found) - MOST))
    body = Block("points", items=lines) if lines else Block("say", desk.say("people.none"))
    blocks = (body, Block("note", desk.say("people.how"))) if "admin" in desk.person.roles else (body,)
    return Answer(Card(desk.say("people.title", count=len(found)), blocks, (desk.button("me", "me"),)))


def _line(member: Member) -> str:
    place = f" · {member.team}, {member.contract}" if member.team else ""
    return f"P{member.id} · {', '.join(member.roles)}{place}"


def role(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`role 27 give supervisor`, `role 27 take supervisor`."""
    if not may(desk.person.roles, "give roles"):
        return refused(desk, "give roles")
    person_id, way, name = int(args[0]), args[1], args[2]
    tenant, by = desk.person.tenant_id, desk.person.id
    if way == "take" and name == "admin" and roster.admins(desk.records, tenant) <= 1:
        return _said(desk, desk.say("role.title"), desk.say("role.last_admin"))
    change = roster.grant if way == "give" else roster.revoke
    done = change(desk.records, tenant, person_id, name, by, desk.now)
    phrase = ("role.given" if way == "give" else "role.taken") if done else "role.nobody"
    text = desk.say(phrase, code=f"P{person_id}", role=name)
    return _said(desk, desk.say("role.title"), text, desk.button("people", "people"))


def contract(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`contract`: the numbers and rules of the person's contract."""
    own = desk.person.contract
    if own is None:
        return _said(desk, desk.say("contract.none_title"), desk.say("contract.none"), desk.button("team", "team"))
    body = Block("points", items=_settings(desk, own))
    return Answer(Card(desk.say("contract.title", name=own.name), (body,), (desk.button("me", "me"),)))


def _settings(desk: Desk, own: ContractRecord) -> tuple[str, ...]:
    more = own.settings or {}
    values: dict[str, Any] = {
        "landlord": own.landlord,
        "emergency": own.emergency_phone,
        "safeguarding": own.safeguarding_phone,
        "adult": own.adult_age,
        "complaint": more.get("complaint_route"),
        "quiet": f"{more['quiet_from'][:5]} to {more['quiet_to'][:5]}" if more.get("quiet_from") else None,
    }
    values["hours"] = f"{more['working_from'][:5]} to {more['working_to'][:5]}" if more.get("working_from") else None
    values["summary"] = ", ".join(str(one)[:5] for one in more.get("summary_at") or ())
    values["channel"] = more.get("summary_channel")
    values["keeps"] = ", ".join(f"{what} {days} days" for what, days in (more.get("retention") or {}).items())
    day, name = WorkingCalendar(own.settings).next_holiday(desk.today)
    values["off"] = f"{day:%A} {day.day} {day:%B}" + (f" ({name})" if name else "")
    values["right"] = desk.say("contract.right_on") if more.get("right_to_repair") else None
    values["priorities"] = ", ".join(_due(one) for one in more.get("priorities") or ())
    return tuple(desk.say(f"contract.{name}", value=value) for name, value in values.items() if value)


def _due(priority: dict[str, Any]) -> str:
    for name in ("hours", "working_days", "days"):
        if priority.get(name):
            return f"{priority['name']} {priority[name]} {name.replace('_', ' ')}"
    return str(priority["name"])


def change(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`set adult_age 16`: one setting of the person's own contract, checked as in a contracts file."""
    if not may(desk.person.roles, "change the contract"):
        return refused(desk, "change the contract")
    own, name = desk.person.contract, args[0]
    if own is None:
        return contract(desk, ())
    back = desk.button("contract", "contract")
    if name == "summary_channel":
        if args[1].lower() == "here" and desk.turn.direct:
            return _said(desk, desk.say("set.title"), desk.say("set.not_here"), back)
        args = (name, _channel(desk, args[1]))
    try:
        wanted = changed(own.settings or {}, name, args[1:], desk.today)
        checked = ContractFile.model_validate({"name": own.name, **(own.settings or {}), **wanted})
    except (ValidationError, ValueError):
        return _said(desk, desk.say("set.title"), desk.say(f"set.wrong_{name}"), back)
    columns = {name: getattr(checked, name)} if name in COLUMNS else {"settings": checked.settings()}
    roster.change_contract(desk.records, desk.person.tenant_id, own.id, columns, desk.person.id, desk.now)
    return _said(desk, desk.say("set.title"), desk.say("set.done", name=own.name), back)


def _channel(desk: Desk, said: str) -> str:
    """The channel that was said: by its id, as a link to it, `here`, or none at all."""
    if said.lower() in ("off", "none", "nowhere"):
        return ""
    if said.lower() == "here":
        return desk.turn.conversation.partition(";")[0]
    return said.removeprefix("<#").partition("|")[0].rstrip(">")


def history(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`audit`: who changed what."""
    if not may(desk.person.roles, "see the audit"):
        return refused(desk, "see the audit")
    found = audit.latest(desk.records, desk.person.tenant_id, limit=10)
    lines = tuple(_act(one) for one in found)
    body = Block("points", items=lines) if lines else Block("say", desk.say("audit.none"))
    return Answer(Card(desk.say("audit.title"), (body,), (desk.button("people", "people"),)))


def _act(entry: Entry) -> str:
    who = f"P{entry.person_id}" if entry.person_id else "operator"
    return f"{entry.at:%d %b %H:%M} · {who} · {entry.action} · {entry.subject}"


VERBS: Verbs = {
    "me": me, "team": team, "people": people, "role": role, "contract": contract, "set": change, "audit": history,
}  # fmt: skip
