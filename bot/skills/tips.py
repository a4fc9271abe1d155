"""Tips that land: a trainer picks a standard, sees who gets it, sends or schedules; each tip carries one question.

What a trainer writes in their own words is checked for length and reading age, and needs a second trainer's yes where it
speaks of danger or law. Answering is the acknowledgement; a tip that nobody answered was sent, not read.
"""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.permissions import may, reach
from bot.quiz import Question, find, next_question, questions_of
from bot.reply import Block, Button, Card
from bot.skills import audience
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from bot.understanding.when import read_when
from content import Standard
from content.readability import reading_age
from storage import tips
from storage.tips import TipRecord

LONGEST, OLDEST = 280, 11.0
DELICATE = re.compile(
    r"(?i)\b(?:law|legal|act|regulations?|fines?|prosecut\w+|gas|carbon|fire|electric\w*|asbestos|needles?|safeguarding|999)\b"
)
_SOURCE = re.compile(r"(?i)\bsource:? \S|\bgov\.uk\b|\bhse\b")
_FRAME = re.compile(
    r"(?i)\b(?:tips?|on|about|to|the|a|push|send|for|everyone|everybody|all|tomorrow|\w+day|\d[\d.:]*(?:am|pm)?|\w+ers|team)\b"
)


def tip(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`tip RR2`, `tip on shoe covers to gas friday 7.30`, `tip say Covers on, every time.`: a draft, with who gets it."""
    if not may(desk.person.roles, "send tips"):
        return of_the_week(desk) if not args else refused(desk, "send tips")
    if not args:
        return sent(desk, ())
    text = " ".join(args)
    own = re.match(r"(?is)^(?:say|saying|that says)[:,]? (.+)$", text)
    whom, text = (audience.of_words(desk, text), text) if own else audience.read(desk, text)
    if own and (fault := _fault(desk, own[1])):
        return _said(desk, fault)
    standard = _standard(desk, text)
    if standard is None and not own:
        return _said(desk, desk.say("tip.which"))
    due = read_when(text, desk.now.astimezone(_zone(desk)))
    draft = tips.make(
        desk.records,
        {
            "tenant_id": desk.person.tenant_id,
            "author_id": desk.person.id,
            "contract_id": desk.person.contract.id if desk.person.contract else None,
            "standard": standard.id if standard else "",
            "text": own[1].strip() if own else "",
            "audience": whom | ({"every": days} if due and (days := audience.every(text)) else {}),
            "due_at": due if due and due > desk.now else None,
        },
        desk.now,
    )
    return preview(desk, draft)


def wanted(desk: Desk, text: str) -> Answer:
    """A line about tips in free words: off or on, the list, the week's own, or one to send."""
    plain = text.lower()
    if re.search(r"\b(?:stop|off|opt (?:me )?out|no more)\b", plain):
        return opt(desk, ("off",))
    if re.search(r"\b(?:again|back on|opt (?:me )?in)\b", plain) and "start" in plain:
        return opt(desk, ("on",))
    if re.search(r"\b(?:read|opened|answered|landed?|reach|stats|list|went out|queue|how did|which tip)\b", plain):
        return sent(desk, ())
    if re.search(r"\b(?:tip of the|todays|the week|give me|of the day)\b", plain) and not may(desk.person.roles, "send tips"):
        return of_the_week(desk)
    return tip(desk, tuple(text.split()))


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.person.contract.timezone if desk.person.contract else desk.person.timezone)


def _standard(desk: Desk, text: str) -> Standard | None:
    """The standard that a line names, by id or by what it is about."""
    for word in re.findall(r"[A-Za-z]+ ?\d+", text):
        if found := desk.pack.by_id.get(word.replace(" ", "").upper()):
            return found
    about = _FRAME.sub(" ", text)
    reading = desk.reader.read(" ".join(about.split()))
    return desk.pack.by_id[reading.standards[0].id.upper()] if reading.standards and reading.decision != "refuse" else None


def _fault(desk: Desk, text: str) -> str | None:
    if len(text) > LONGEST:
        return desk.say("tip.too_long", over=len(text) - LONGEST, most=LONGEST)
    age = reading_age([text], frozenset())
    if len(text.split()) >= 8 and age > OLDEST + 3:
        return desk.say("tip.too_hard", age=f"{age:.0f}")
    return desk.say("tip.no_source") if DELICATE.search(text) and not _names_source(desk, text) else None


def _names_source(desk: Desk, text: str) -> bool:
    """Whether it says where it comes from: a standard by its id, a source of the pack by its name, or "Source: …"."""
    said = text.lower()
    ids = {word.strip(".,:;()").upper() for word in text.split()}
    return bool(_SOURCE.search(text) or ids & desk.pack.by_id.keys()) or any(
        one.name.lower() in said for one in desk.pack.sources.values()
    )


def preview(desk: Desk, draft: TipRecord) -> Answer:
    """The tip as people will see it, how many get it, and when."""
    shown = card_of(desk, draft)
    count = len(tips.audience(desk.records, draft))
    due = f"{draft.due_at.astimezone(_zone(desk)):%a %d %b %H:%M}" if draft.due_at else desk.say("tip.now")
    days = draft.audience.get("every")
    note = (
        desk.say("tip.preview_again", count=count, due=due, days=days)
        if days
        else desk.say("tip.preview", count=count, due=due)
    )
    second = DELICATE.search(draft.text)
    buttons = (
        desk.button("tip_ask_second", f"sendtip {draft.id}") if second else desk.button("tip_send", f"sendtip {draft.id}"),
        *(() if draft.due_at else (desk.button("tip_tomorrow", f"sendtip {draft.id} tomorrow"),)),
        desk.button("tip_cancel", f"canceltip {draft.id}"),
    )
    blocks = (Block("note", note), *shown.blocks)
    footer = desk.say("tip.second") if second else ""
    return Answer(replace(shown, blocks=blocks, buttons=buttons, footer=footer), at=f"showtip {draft.id}")


def card_of(desk: Desk, told: TipRecord) -> Card:
    """What a recipient sees: the tip, and its one question."""
    standard = desk.pack.by_id.get(told.standard.upper())
    question = _question(standard)
    blocks = [Block("say", told.text)] if told.text else []
    if standard:
        own = [Block("quote", standard.statement)]
        blocks += own if told.text else [Block("quote", standard.say), Block("do", items=standard.do[:2])]
    if question:
        blocks.append(Block("say", desk.say("quiz.ask", line=question.line)))
    title = desk.say("tip.title", title=f"{standard.id} · {standard.title}" if standard else desk.say("tip.own"))
    buttons = _choices(desk, question, f"{told.id}") if question else ()
    return Card(title[:150], tuple(blocks), buttons, desk.say("tip.footer"))


def _question(standard: Standard | None) -> Question | None:
    return questions_of(standard)[0] if standard else None


def _choices(desk: Desk, question: Question, of: str) -> tuple[Button, ...]:
    mark = f"guess {question.standard} {question.item}"
    return (
        desk.button("do", f"{mark} do {of}"),
        desk.button("dont", f"{mark} dont {of}"),
        desk.button("why", f"why {question.standard}"),
    )


def send(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`sendtip 7`, `sendtip 7 tomorrow`: off it goes at its time, or after a second trainer's yes."""
    draft = tips.find(desk.records, desk.person.tenant_id, int(args[0]))
    if draft is None or not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    if draft.state not in ("draft", "second"):
        return _said(desk, desk.say("tip.already"))
    if DELICATE.search(draft.text) and (draft.state == "draft" or draft.author_id == desk.person.id):
        tips.change(desk.records, draft, {"state": "second"})
        return _said(desk, desk.say("tip.waits", id=draft.id))
    due = draft.due_at
    if args[1:] == ("tomorrow",):
        morning = (desk.now.astimezone(_zone(desk)) + timedelta(days=1)).replace(hour=7, minute=30, second=0, microsecond=0)
        due = morning.astimezone(desk.now.tzinfo)
    values = {"state": "scheduled", "due_at": due or desk.now, "approved_by": desk.person.id}
    changed = tips.change(desk.records, draft, values)
    count = len(tips.audience(desk.records, changed))
    when = f"{changed.due_at.astimezone(_zone(desk)):%a %d %b %H:%M}" if due and changed.due_at else desk.say("tip.now")
    return _said(desk, desk.say("tip.scheduled", count=count, due=when))


def cancel(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`canceltip 7`: it doesn't go out, or no further."""
    found = tips.find(desk.records, desk.person.tenant_id, int(args[0]))
    if found is None or not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    tips.change(desk.records, found, {"state": "cancelled"})
    return _said(desk, desk.say("tip.cancelled"))


def show(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`showtip 7`: a draft again, or how a tip did."""
    found = tips.find(desk.records, desk.person.tenant_id, int(args[0]))
    if found is None or not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    if found.state in ("draft", "second"):
        return preview(desk, found)
    return _said(desk, _result(desk, found))


def sent(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`tips`: the latest ones and whether they landed."""
    if not may(desk.person.roles, "send tips"):
        return of_the_week(desk)
    found = tips.latest(desk.records, desk.person.tenant_id, reach(desk.person).contracts, 8)
    lines = tuple(_result(desk, one) for one in found)
    body = Block("points", items=lines) if lines else Block("say", desk.say("tip.none"))
    return Answer(Card(desk.say("tip.list"), (body, Block("note", desk.say("tip.how"))), (desk.button("themes", "themes"),)))


def _result(desk: Desk, one: TipRecord) -> str:
    told = tips.report(desk.records, one)
    reached = told.get("sent", 0) + told.get("answered", 0)
    gaps = {"sent": reached, "answered": told.get("answered", 0), "right": told["right"], "missed": told.get("not reached", 0)}
    return desk.say("tip.result", id=one.id, what=one.standard or one.text[:30], state=one.state, **gaps)


def of_the_week(desk: Desk) -> Answer:
    """For everybody: the standard of the week, with its question."""
    week = desk.today.isocalendar().week
    standard = desk.pack.standards[week % len(desk.pack.standards)] if desk.pack.standards else None
    shown = card_of(desk, TipRecord(0, 0, 0, None, standard.id if standard else "", "", {}, "", None, None))
    return Answer(shown)


def guess(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`guess RR2 dont1 do 7`: an answer, to a tip's question or (0) to a quiz. Wrong shows the standard; try again at will."""
    question = find(desk.pack.standards, args[0], args[1])
    if question is None:
        return _said(desk, desk.say("quiz.gone"))
    right, of = args[2] == question.answer, args[3] if len(args) > 3 else "0"
    who = (desk.records, desk.person.tenant_id, desk.person.id)
    tips.quizzed(*who, question.standard, question.item, right=right, now=desk.now)
    if of != "0":
        tips.answered(desk.records, int(of), desk.person.id, right=right, now=desk.now)
    standard = desk.pack.by_id[question.standard.upper()]
    told = desk.say("quiz.right" if right else "quiz.wrong", id=standard.id)
    verdict = desk.say("quiz.is_do" if question.answer == "do" else "quiz.is_dont", line=question.line)
    known = (Block("say", verdict),) if right else ()
    blocks = (Block("say", told), *known, Block("quote", standard.statement))
    again = () if right else _choices(desk, question, of)[:2]
    buttons = (*again, desk.button("next_question", "quiz"), desk.button("more", f"more {standard.id}"))
    at = f"quiz {standard.id}" if right else f"again {question.standard} {question.item} {of}"
    return Answer(Card(desk.say("quiz.title", id=standard.id), blocks, buttons), at=at)


def again(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`again RR2 dont1 7`: the same question once more."""
    question = find(desk.pack.standards, args[0], args[1])
    return _ask(desk, question, args[2] if len(args) > 2 else "0") if question else _said(desk, desk.say("quiz.gone"))


def quiz(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`quiz`, `quiz RR4`, `quiz respects residents`: the next question; `quiz results`, `quiz score`."""
    text = " ".join(args).lower()
    if "result" in text or "got it wrong" in text or "hasnt done" in text or "my team" in text:
        return results(desk, ())
    if "score" in text:
        return score(desk, ())
    pool = _pool(desk, " ".join(args))
    record = tips.record(desk.records, desk.person.tenant_id, desk.person.id)
    question = next_question(pool, record, desk.now, desk.person.id + len(record))
    return _ask(desk, question, "0") if question else _said(desk, desk.say("quiz.gone"))


def _pool(desk: Desk, text: str) -> list[Standard]:
    for word in re.findall(r"[A-Za-z]+ ?\d+", text):
        if found := desk.pack.by_id.get(word.replace(" ", "").upper()):
            return [found]
    theme = next((one for one in desk.pack.themes if one.name.lower() in text.lower()), None)
    if theme:
        return list(desk.pack.under(theme))
    subject = re.search(r"(?i)\bon (.+)$", text)
    if subject and (reading := desk.reader.read(subject[1])).decision != "refuse" and reading.standards:
        return [desk.pack.by_id[reading.standards[0].id.upper()]]
    return list(desk.pack.standards)


def _ask(desk: Desk, question: Question, of: str) -> Answer:
    asked = (Block("say", desk.say("quiz.ask", line=question.line)),)
    card = Card(desk.say("quiz.title", id=question.standard), asked, _choices(desk, question, of))
    return Answer(card, at=f"again {question.standard} {question.item} {of}")


def score(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`quiz score`: one's own, seen by oneself."""
    record = tips.record(desk.records, desk.person.tenant_id, desk.person.id)
    right = sum(one[2] for one in record)
    text = desk.say("quiz.score", right=right, all=len(record)) if record else desk.say("quiz.no_score")
    return _said(desk, text)


def results(desk: Desk, args: tuple[str, ...]) -> Answer:
    """For trainers: by standard, how often it was right; the least known first."""
    if not may(desk.person.roles, "send tips"):
        return refused(desk, "send tips")
    found = tips.results(desk.records, desk.person.tenant_id, reach(desk.person).contracts, desk.now - timedelta(days=31))
    lines = tuple(desk.say("quiz.line", id=one, right=right, all=count) for one, count, right in found[:8])
    body = Block("points", items=lines) if lines else Block("say", desk.say("quiz.no_results"))
    return Answer(Card(desk.say("quiz.results"), (body,), (desk.button("themes", "themes"),)))


def opt(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`tipsoff`, `tipson`: no tips for me, or again."""
    off = args[:1] == ("off",)
    tips.opt(desk.records, desk.person.id, off=off)
    return _said(desk, desk.say("tip.off" if off else "tip.on"))


def _said(desk: Desk, text: str) -> Answer:
    return Answer(Card(desk.say("tip.list"), (Block("say", text),), (desk.button("tips", "tips"),)), place=False)


VERBS: Verbs = {
    "tip": tip, "tips": sent, "showtip": show, "sendtip": send, "canceltip": cancel, "guess": guess, "again": again,
    "quiz": quiz, "opt": opt,
}  # fmt: skip
