"""Tips that come by themselves: a campaign of the pack is started, paused and taken up again; and who got a tip, by code.

A campaign is nothing but tips with their times, made when it starts: each goes out, waits and counts like any other.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.permissions import may
from bot.reply import Block, Button, Card, label
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from content.pack import Campaign
from storage import tips
from storage.tips import TipRecord

MOST = 40  # codes of one state that a card shows
MANY = 400


def campaigns(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`campaigns`: what there is, and what runs."""
    if not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    made = _made(desk)
    lines, buttons = [], []
    for one in desk.pack.campaigns:
        waiting = [tip for tip in made.get(one.id, []) if tip.state == "scheduled"]
        state = (
            desk.say("campaign.runs", left=len(waiting), day=_day(desk, waiting[0])) if waiting else desk.say("campaign.idle")
        )
        lines.append(desk.say("campaign.line", name=one.name, id=one.id, count=len(one.standards), state=state))
        act = "stop" if waiting else "start"
        shown = desk.say("campaign.stop_button", id=one.id) if waiting else desk.say("campaign.start_button", id=one.id)
        buttons.append(Button(label(shown), f"campaign {act} {one.id}"))
    body = Block("points", items=tuple(lines)) if lines else Block("say", desk.say("campaign.none"))
    return Answer(Card(desk.say("campaign.title"), (body,), tuple(buttons[:8])), at="campaigns")


def campaign(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`campaign start rotation`: from next Monday, on from where it stopped. `campaign stop rotation`: the rest waits."""
    if not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    named = " ".join(args[1:]).lower()
    found = next((one for one in desk.pack.campaigns if one.id == named or one.name.lower().startswith(named)), None)
    if found is None:
        return campaigns(desk, ())
    made = _made(desk).get(found.id, [])
    waiting = [tip for tip in made if tip.state == "scheduled"]
    if args[0] == "stop":
        for tip in waiting:
            tips.change(desk.records, tip, {"state": "cancelled"})
        return _said(desk, desk.say("campaign.stopped", name=found.name, left=len(waiting)))
    if waiting:
        return _said(desk, desk.say("campaign.already", name=found.name))
    due = _start(desk, found)
    left = _left(found, made)
    for number, standard in enumerate(left):
        _schedule(desk, found, standard, due + timedelta(days=number * found.every_days))
    return _said(desk, desk.say("campaign.started", name=found.name, count=len(left), day=f"{due:%a %d %b %H:%M}"))


def _left(found: Campaign, made: list[TipRecord]) -> list[str]:
    """The standards still to come: after a stop those that weren't sent, after the end all of them again."""
    sent = [tip.standard for tip in made if tip.state in ("sent", "sending")]
    done = set(sent[len(sent) - len(sent) % len(found.standards) :])
    return [standard for standard in found.standards if standard not in done]


def _start(desk: Desk, found: Campaign) -> datetime:
    local = desk.now.astimezone(_zone(desk))
    monday = local + timedelta(days=(7 - local.weekday()) % 7 or 7)
    return monday.replace(hour=found.at.hour, minute=found.at.minute, second=0, microsecond=0)


def _schedule(desk: Desk, found: Campaign, standard: str, due: datetime) -> None:
    own = desk.person.contract
    values = {
        "tenant_id": desk.person.tenant_id, "author_id": desk.person.id, "contract_id": own.id if own else None,
        "standard": standard, "text": "", "audience": {"campaign": found.id}, "due_at": due.astimezone(desk.now.tzinfo),
    }  # fmt: skip
    tips.change(desk.records, tips.make(desk.records, values, desk.now), {"state": "scheduled", "approved_by": desk.person.id})


def _made(desk: Desk) -> dict[str, list[TipRecord]]:
    """The contract's tips that campaigns made, by campaign, the earliest first."""
    own = desk.person.contract
    every = tips.latest(desk.records, desk.person.tenant_id, None if own is None else {own.id}, MANY)
    found: dict[str, list[TipRecord]] = {}
    for tip in reversed(every):
        if name := tip.audience.get("campaign"):
            found.setdefault(str(name), []).append(tip)
    return {name: sorted(made, key=lambda tip: str(tip.due_at)) for name, made in found.items()}


def whogot(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`whogot 7`: everybody a tip is for, by what became of it; for trainers, by code."""
    if not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    found = tips.find(desk.records, desk.person.tenant_id, int(args[0]))
    if found is None:
        return _said(desk, desk.say("tip.none"))
    lines = []
    for state, people in sorted(tips.delivered(desk.records, found).items()):
        codes = ", ".join(f"P{person}" for person in people[:MOST]) + ("…" if len(people) > MOST else "")
        lines.append(desk.say("tip.who", state=desk.say(f"delivery.{state.replace(' ', '_')}"), count=len(people), codes=codes))
    body = Block("points", items=tuple(lines)) if lines else Block("say", desk.say("tip.nobody"))
    buttons = (desk.button("chase_tip", f"chasetip {found.id}"), desk.button("tips", "tips"))
    return Answer(Card(desk.say("tip.who_title", id=found.id), (body,), buttons), at=f"whogot {found.id}")


def chasetip(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`chasetip 7`: once more to those alone who had it and didn't answer."""
    if not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    found = tips.find(desk.records, desk.person.tenant_id, int(args[0]))
    count = tips.again(desk.records, found, desk.now) if found and found.state == "sent" else 0
    return _said(desk, desk.say("tip.chased", count=count) if count else desk.say("tip.nobody_missing"))


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.person.contract.timezone if desk.person.contract else desk.person.timezone)


def _day(desk: Desk, tip: TipRecord) -> str:
    return f"{tip.due_at.astimezone(_zone(desk)):%a %d %b}" if tip.due_at else ""


def _said(desk: Desk, text: str) -> Answer:
    buttons = (desk.button("campaigns", "campaigns"), desk.button("tips", "tips"))
    return Answer(Card(desk.say("campaign.title"), (Block("say", text),), buttons), place=False)


VERBS: Verbs = {"campaigns": campaigns, "campaign": campaign, "whogot": whogot, "chasetip": chasetip}
