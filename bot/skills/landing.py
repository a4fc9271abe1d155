"""Whether tips land, for trainers: the rate of an item before and after a tip, and which standard a tip would help most."""

from collections import Counter
from datetime import timedelta

from bot.checklists import own_checklists
from bot.desk import Desk
from bot.effect import ANSWERS, FEWEST, Counts, effect_of
from bot.permissions import may, reach
from bot.reply import Block, Button, Card, label
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from storage import tips, visits
from storage.tips import TipRecord

WEEKS, LOOK_BACK, SHOWN = 4, 31, 3
YES, NOT_YES = "yes", ("no", "skip")


def effect(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`effect 7`: Yes on the items of tip 7's standard, four weeks before it and after, by the people who got it."""
    if not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    tip = tips.find(desk.records, desk.person.tenant_id, int(args[0]))
    if tip is None or tip.due_at is None or not tip.standard:
        return _said(desk, desk.say("effect.none"))
    found = effect_of(_pairs(desk, tip))
    shares = {"before": f"{found.before:.0%}", "after": f"{found.after:.0%}", "people": found.people, "id": tip.standard}
    if found.verdict == "few":
        text = desk.say("effect.few", people=found.people, fewest=FEWEST, answers=ANSWERS, id=tip.standard)
    else:
        ends = {"low": f"{100 * found.low:+.0f}", "high": f"{100 * found.high:+.0f}", "change": f"{100 * found.change:+.0f}"}
        sure = desk.say("effect.unsure") if found.verdict == "unsure" else desk.say("effect.sure")
        text = f"{desk.say('effect.text', **shares, **ends)} {sure}"
    blocks = (Block("say", text), Block("note", desk.say("effect.note", weeks=WEEKS)))
    buttons = (desk.button("who_got", f"whogot {tip.id}"), desk.button("tips", "tips"))
    return Answer(Card(desk.say("effect.title", id=tip.id), blocks, buttons), at=f"effect {tip.id}")


def _pairs(desk: Desk, tip: TipRecord) -> list[tuple[Counts, Counts]]:
    """Each recipient's Yes and answers on the standard's items, before and after."""
    assert tip.due_at is not None
    lists = own_checklists(desk.pack, desk.person.contract).values()
    items = {(one.id, item.id) for one in lists for item in one.items if item.standard.upper() == tip.standard.upper()}
    span = timedelta(weeks=WEEKS)
    told = tips.delivered(desk.records, tip)
    got = {*told.get("sent", []), *told.get("answered", [])}
    counts: dict[tuple[int, bool], list[int]] = {}
    for answer in visits.answers(desk.records, tip.tenant_id, tip.due_at - span, tip.due_at + span):
        if answer.person_id in got and (answer.checklist, answer.item) in items and answer.answer in (YES, *NOT_YES):
            kept = counts.setdefault((answer.person_id, answer.at >= tip.due_at), [0, 0])
            kept[0] += answer.answer == YES
            kept[1] += 1
    return [_sides(counts, person) for person in got]


def _sides(counts: dict[tuple[int, bool], list[int]], person: int) -> tuple[Counts, Counts]:
    before, after = counts.get((person, False), [0, 0]), counts.get((person, True), [0, 0])
    return (before[0], before[1]), (after[0], after[1])


def suggest(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`suggest`: the standards whose items were answered No or skipped most, and whose questions were got wrong most."""
    if not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    since = desk.now - timedelta(days=LOOK_BACK)
    contracts = reach(desk.person).contracts
    of = {(one.id, item.id): item.standard.upper() for one in desk.pack.checklists for item in one.items}
    slips: Counter[str] = Counter()
    for key, answers in visits.rates(desk.records, desk.person.tenant_id, contracts, since).by_item.items():
        if standard := of.get(key):
            slips[standard] += sum(answers.get(answer, 0) for answer in NOT_YES)
    wrong = Counter(
        {one: count - right for one, count, right in tips.results(desk.records, desk.person.tenant_id, contracts, since)}
    )
    worst = [one for one, count in (slips + wrong).most_common(SHOWN) if count and one.upper() in desk.pack.by_id]
    lines = tuple(
        desk.say("suggest.line", id=one, title=desk.pack.by_id[one.upper()].title, slips=slips[one], wrong=wrong[one])
        for one in worst
    )
    body = Block("points", desk.say("suggest.text"), lines) if lines else Block("say", desk.say("suggest.none"))
    buttons = tuple(Button(label(desk.say("suggest.button", id=one)), f"tip {one}") for one in worst)
    return Answer(Card(desk.say("suggest.title"), (body,), (*buttons, desk.button("tips", "tips"))), at="suggest")


def _said(desk: Desk, text: str) -> Answer:
    return Answer(Card(desk.say("tip.list"), (Block("say", text),), (desk.button("tips", "tips"),)), place=False)


VERBS: Verbs = {"effect": effect, "suggest": suggest}
