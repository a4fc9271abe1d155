"""Looking after an issue's time: more of it with a reason, a pause, another priority, and a nudge to whose turn it is.

Only the contract's own due time moves. What the law sets runs on whatever is typed here, and the card says so.
"""

from datetime import timedelta

from bot.calendars import WorkingCalendar
from bot.desk import Desk
from bot.permissions import may
from bot.references import reference
from bot.reply import Block, Button, Card, Field, Notice, label
from bot.skills.issue_card import category_of, clocks_of, named, plain, receipt, when
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from storage import issues, roster
from storage.issues import IssueRecord
from storage.roster import Member

LONGEST = 60  # working days that one line may add
MOST = 6  # people who are offered


def _mine(desk: Desk, ref: str) -> IssueRecord | Answer:
    """The issue, locked, for somebody who may follow it; else what they are told."""
    issue = named(desk, ref, lock=True)
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=ref))
    return issue if may(desk.person.roles, "follow issues") else refused(desk, "follow issues")


def extend(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`extend OAK-27 2 awaiting parts`: two more working days, and why."""
    issue = _mine(desk, args[0])
    if isinstance(issue, Answer):
        return issue
    days, why = int(args[1]), " ".join(args[2:])
    if not why or issue.due_at is None or not 1 <= days <= LONGEST:
        return receipt(desk, issue, note=desk.say("issue.extend_how", most=LONGEST))
    clocks = clocks_of(desk)
    own = desk.person.contract
    day = WorkingCalendar(own.settings if own else None).add_working_days(clocks.day(issue.due_at), days)
    due = issue.due_at + timedelta(days=(day - clocks.day(issue.due_at)).days)
    changed = issues.change(desk.records, issue, {"due_at": due}, desk.now)
    issues.happened(desk.records, changed, desk.person.id, "extend", f"{days} working days: {why}", desk.now)
    return receipt(desk, changed, note=desk.say("issue.extended", days=days))


def pause(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`pause OAK-27 sample at the lab`: its due time stands still until it goes on."""
    issue = _mine(desk, args[0])
    if isinstance(issue, Answer):
        return issue
    why = " ".join(args[1:])
    if not why or issue.paused_at or issue.state == "closed":
        return receipt(desk, issue, note=desk.say("issue.pause_how"))
    changed = issues.change(desk.records, issue, {"paused_at": desk.now}, desk.now)
    issues.happened(desk.records, changed, desk.person.id, "pause", why, desk.now)
    return receipt(desk, changed, note=desk.say("issue.paused"))


def resume(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`resume OAK-27`: it goes on, later by as long as it stood."""
    issue = _mine(desk, args[0])
    if isinstance(issue, Answer):
        return issue
    if issue.paused_at is None:
        return receipt(desk, issue)
    due = issue.due_at + (desk.now - issue.paused_at) if issue.due_at else None
    changed = issues.change(desk.records, issue, {"paused_at": None, "due_at": due}, desk.now)
    issues.happened(desk.records, changed, desk.person.id, "resume", "", desk.now)
    return receipt(desk, changed, note=desk.say("issue.resumed"))


def priority(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`priority OAK-27 P1`: looked at again; the due time counts from when it was logged."""
    issue = _mine(desk, args[0])
    if isinstance(issue, Answer):
        return issue
    name = args[1].upper()
    due = clocks_of(desk).priority(category_of(desk, issue), issue.logged_at, name)
    if due is None:
        return receipt(desk, issue, note=desk.say("issue.no_priority", name=name))
    changed = issues.change(desk.records, issue, {"priority": name, "due_at": due}, desk.now)
    issues.happened(desk.records, changed, desk.person.id, "priority", f"{issue.priority} to {name}", desk.now)
    return receipt(desk, changed, note=desk.say("issue.now_priority", name=name))


def chase(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`chase OAK-27`: whoever it is with is asked how it stands; where it is with nobody, the contract's supervisors."""
    issue = named(desk, args[0])
    if issue is None:
        return plain(desk, desk.say("issue.unknown", ref=args[0]))
    ref = reference(issue.number)
    others = [issue.owner_id] if issue.owner_id else supervisors_of(desk, issue)
    asked = [one for one in others if one != desk.person.id]
    if not asked:
        return receipt(desk, issue, note=desk.say("issue.chase_nobody"))
    button = Button(label(desk.say("button.show_issue", ref=ref)), f"issue {ref}")
    card = Card(
        desk.say("issue.chase_title", ref=ref), (Block("quote", issue.text), Block("say", desk.say("issue.chase"))), (button,)
    )
    for person in asked:
        desk.notices.append(Notice(person, f"chase-{issue.id}", card, f"issue {ref}"))
    issues.happened(desk.records, issue, desk.person.id, "chase", "", desk.now)
    return receipt(desk, issue, note=desk.say("issue.chased"))


def handle(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`handle OAK-27`: who may take it, a button each, and a form for more time."""
    issue = _mine(desk, args[0])
    if isinstance(issue, Answer):
        return issue
    ref = reference(issue.number)
    whose = desk.say("handle.has", code=f"P{issue.owner_id}") if issue.owner_id else desk.say("handle.nobody")
    mine, others = issue.owner_id == desk.person.id, issue.owner_id not in (None, desk.person.id)
    give = [] if mine else [desk.button("to_me", f"assign {ref} P{desk.person.id}", style="primary")]
    for one in [one for one in _who_follow(desk, issue) if one.id not in (desk.person.id, issue.owner_id)][:MOST]:
        give.append(
            Button(label(desk.say("button.to_person", code=f"P{one.id}", role=one.roles[-1])), f"assign {ref} P{one.id}")
        )
    chase_ = [Button(label(desk.say("button.chase", ref=ref)), f"chase {ref}")] if others else []
    more = desk.button("give_time", f"extend {ref} {{days}} working days {{why}}")
    look = Button(label(desk.say("button.show_issue", ref=ref)), f"issue {ref}")
    fields = (
        Field("days", desk.say("handle.days"), desk.say("handle.days_like"), 2),
        Field("why", desk.say("handle.why"), desk.say("handle.why_like"), 200),
    )
    due = desk.say("issue.due", priority=issue.priority, due=when(desk, issue.due_at)) if issue.due_at else ""
    blocks = (Block("quote", issue.text), Block("points", items=tuple(filter(None, (whose, due)))))
    buttons = (*give, *chase_, more, look)
    return Answer(Card(desk.say("handle.title", ref=ref), blocks, buttons, desk.say("handle.note"), fields=fields))


def _who_follow(desk: Desk, issue: IssueRecord) -> list[Member]:
    """People of the issue's contract who may follow issues."""
    members = roster.members(desk.records, issue.tenant_id, {issue.contract_id} if issue.contract_id else None)
    return [one for one in members if may(one.roles, "follow issues")]


def supervisors_of(desk: Desk, issue: IssueRecord) -> list[int]:
    """Who supervises the issue's contract."""
    if issue.contract_id is None:
        return []
    members = roster.members(desk.records, issue.tenant_id, {issue.contract_id})
    return [one.id for one in members if "supervisor" in one.roles]


VERBS: Verbs = {"extend": extend, "pause": pause, "resume": resume, "priority": priority, "chase": chase, "handle": handle}
