"""The pocket pack: one message that stays useful with no signal all day."""

from datetime import timedelta

from bot.desk import Desk
from bot.hours import Hours
from bot.references import reference
from bot.reply import Block, Card
from bot.skills.vocabulary import Answer, Verbs
from content import Standard
from storage import issues, people

USUAL = "07:00"


def promises_today(desk: Desk) -> list[issues.PromiseRecord]:
    """The person's promises that are due by the end of today."""
    open_ = issues.promised(desk.records, desk.person.tenant_id, person_id=desk.person.id)
    return [one for one in open_ if one.due_at <= desk.now + timedelta(hours=24)]


def pocket(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`pocket`: numbers, promises due, a standard, one-liners. `pocket daily 07:30`: each working day; `pocket off`."""
    if args:
        return _schedule(desk, args)
    own = desk.person.contract
    numbers = [desk.say("numbers.999"), desk.say("numbers.gas")]
    if own and own.emergency_phone:
        numbers.insert(0, desk.say("numbers.contract", landlord=own.landlord or own.name, phone=own.emergency_phone))
    due = [f"{reference(one.number)}: {one.text} ({one.due_at:%a %H:%M})" for one in promises_today(desk)][:4]
    standard = standard_of_the_week(desk)
    blocks = (
        Block("points", desk.say("pocket.numbers"), tuple(numbers)),
        *((Block("points", desk.say("pocket.promises"), tuple(due)),) if due else ()),
        Block("say", desk.say("pocket.door", landlord=(own.landlord or own.name) if own else desk.say("pocket.landlord"))),
        *((Block("quote", standard.say), Block("do", items=standard.do[:2])) if standard else ()),
        Block("note", desk.say("pocket.lines")),
    )
    buttons = (desk.button("visit", "visit"), desk.button("numbers", "numbers"), desk.button("pocket_daily", "pocket daily"))
    return Answer(Card(desk.say("pocket.title", day=f"{desk.today:%a %d %b}"), blocks, buttons), at="pocket")


def standard_of_the_week(desk: Desk) -> Standard | None:
    """One standard a week, twice a year: the pack's order, by ISO week."""
    return desk.pack.standards[desk.today.isocalendar().week % len(desk.pack.standards)] if desk.pack.standards else None


def _schedule(desk: Desk, args: tuple[str, ...]) -> Answer:
    """When it comes without being asked for: not in quiet hours, and not at all any more with `off`."""
    at = None if args[0] == "off" else (args[1] if len(args) > 1 else USUAL)
    own, hours = desk.person.contract, Hours.of(desk.person, desk.now)
    if at is not None and own is None:
        text = desk.say("pocket.no_team")
    elif at is not None and hours.is_quiet_at(at):
        text = desk.say("pocket.quiet", at=at)
    else:
        people.want_pocket(desk.records, desk.person.id, at)
        text = desk.say("pocket.daily", at=at) if at else desk.say("pocket.off")
    buttons = (
        desk.button("pocket", "pocket"),
        desk.button("pocket_off", "pocket off") if at else desk.button("pocket_daily", "pocket daily"),
    )
    return Answer(Card(desk.say("pocket.schedule"), (Block("say", text),), buttons), place=False)


VERBS: Verbs = {"pocket": pocket}
