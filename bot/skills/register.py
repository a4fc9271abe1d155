"""Lists of issues: one's own, and for those who follow them whatever they ask for: "open damp over 3 days"."""

from dataclasses import replace
from datetime import timedelta

from bot.desk import Desk
from bot.permissions import may, sight
from bot.references import reference
from bot.reply import Block, Button, Card
from bot.skills import memory
from bot.skills.issue_card import category_of, when
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from bot.understanding.issue_words import Wanted, read_wanted
from storage import issues
from storage.issues import Filter, IssueRecord

SHOWN = 8


def register(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`issues mine`: one's own; `issues open damp over 3 days`: what the line asks for."""
    wanted = read_wanted(" ".join(args), desk.pack.categories)
    wanted = replace(wanted, mine=wanted.mine or args[:1] == ("mine",))
    if not wanted.mine and not may(desk.person.roles, "see issues"):
        return refused(desk, "see issues")
    narrowed = _filter(desk, wanted)
    found = issues.listed(desk.records, sight(desk.person), narrowed, SHOWN)
    total = issues.count(desk.records, sight(desk.person), narrowed) if len(found) == SHOWN else len(found)
    title = desk.say("issues.mine" if wanted.mine else "issues.title", count=total)
    if not found:
        return Answer(Card(title, (Block("say", desk.say("issues.none")),), (desk.button("themes", "themes"),)))
    lines = tuple(_line(desk, one) for one in found)
    buttons = tuple(
        Button(reference(one.number), f"issue {reference(one.number)}", hint=category_of(desk, one).name) for one in found
    )
    return Answer(Card(title, (Block("points", items=lines),), buttons))


def _filter(desk: Desk, wanted: Wanted) -> Filter:
    return Filter(
        states=("closed",) if wanted.closed else ("fixed",) if wanted.not_told else issues.OPEN,
        category=wanted.category,
        person_id=desk.person.id if wanted.mine else None,
        unowned=wanted.unassigned,
        before=desk.now - timedelta(days=wanted.older) if wanted.older else None,
        since=desk.now - timedelta(days=wanted.newer) if wanted.newer else None,
        due_before=desk.now if wanted.overdue else None,
        complaint=wanted.complaints,
        clock="awaab-" if wanted.awaab else None,
    )


def _line(desk: Desk, issue: IssueRecord) -> str:
    """One issue in a line: reference, what, where, state, due."""
    due = desk.say("issues.due", due=when(desk, issue.due_at)) if issue.due_at else ""
    late = (
        desk.say("issues.late")
        if issue.due_at and issue.due_at < desk.now and issue.state not in ("fixed", "resident told")
        else ""
    )
    parts = (category_of(desk, issue).name, issue.place or desk.say("issues.no_place"), issue.state, due, late)
    return f"{reference(issue.number)}: {', '.join(part for part in parts if part)}"


def exports(desk: Desk, args: tuple[str, ...]) -> Answer:
    """Where files come from: one's own data by the code, the contract's by the operator's command."""
    if {"my", "me"} & {word.lower() for word in args}:
        return memory.data(desk, ())
    if not may(desk.person.roles, "see summaries"):
        return refused(desk, "see summaries")
    lines = (desk.say("exports.issues"), desk.say("exports.person"))
    blocks = (Block("say", desk.say("exports.text")), Block("points", items=lines))
    return Answer(Card(desk.say("exports.title"), blocks, (desk.button("all_open", "issues open"),)), place=False)


VERBS: Verbs = {"issues": register}
