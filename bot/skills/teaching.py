"""What the bot couldn't answer, for trainers: one tap gives a question to a standard, or to none; the asker hears of it.

Or somebody answers in their own words, a colleague if need be. What is taught counts at once, everywhere, is audited, and can
be taken back. A question that the pack itself answers otherwise is refused, with the reason: it must not break what is written.
"""

from dataclasses import replace

from bot.desk import Desk
from bot.permissions import may
from bot.reply import Block, Button, Card, Field, Notice, label
from bot.skills.people import refused
from bot.skills.vocabulary import Answer, Verbs
from bot.understanding.words import key_of
from storage import audit, questions, roster, taught

NONE = "none"
SHOWN = 8
LONGEST = 600
KNOWS = frozenset({"trainer", "supervisor", "rlo"})  # whom a question may be passed to in a tap; any code may be typed


def open_questions(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`questions`: what people asked and nobody has answered; alike ones once, the commonest first."""
    if not may(desk.person.roles, "see open questions"):
        return refused(desk, "see open questions")
    groups: dict[str, list[questions.OpenQuestion]] = {}
    for question in questions.unanswered(desk.records, desk.person.tenant_id, limit=200):
        groups.setdefault(key_of(question.text), []).append(question)
    found = sorted(groups.values(), key=lambda alike: -len(alike))[:SHOWN]
    lines = tuple(_line(alike) for alike in found)
    buttons = tuple(Button(desk.say("questions.open", id=alike[0].id), f"question {alike[0].id}") for alike in found)
    body = Block("points", items=lines) if lines else Block("say", desk.say("questions.none"))
    count = sum(len(alike) for alike in groups.values())
    return Answer(Card(desk.say("questions.title", count=count), (body,), (*buttons, desk.button("themes", "themes"))))


def _line(alike: list[questions.OpenQuestion]) -> str:
    times = f" ({len(alike)}x)" if len(alike) > 1 else ""
    return f"{alike[0].id}, {alike[0].asked_at:%d %b}: {alike[0].text}{times}"[:180]


def question(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`question 12`: with the nearest standards, a tap each."""
    if not may(desk.person.roles, "see open questions"):
        return refused(desk, "see open questions")
    found = questions.find(desk.records, desk.person.tenant_id, int(args[0]))
    if found is None:
        return _said(desk, desk.say("questions.gone"))
    near = [desk.pack.by_id[match.id.upper()] for match in desk.reader.read(found.text).standards]
    buttons = tuple(Button(one.id, f"teach {found.id} {one.id}", hint=one.title) for one in near)
    blocks = (
        Block("quote", found.text),
        Block("say", desk.say("teach.which")),
        Block("points", items=tuple(f"{one.id} · {one.title}" for one in near)),
    )
    own = desk.button("answer", f"answer {found.id} {{answer}}", style="primary")
    ways = (desk.button("pass", f"pass {found.id}"), desk.button("teach_none", f"teach {found.id} {NONE}"))
    buttons = (*buttons, own, *ways, desk.button("questions", "questions"))
    return Answer(Card(desk.say("teach.title", id=found.id), blocks, buttons, fields=(_box(desk),)))


def _box(desk: Desk) -> Field:
    return Field("answer", desk.say("answer.field"), desk.say("answer.example"), LONGEST)


def pass_on(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`pass 12`: which colleague; `pass 12 P31`: they are asked, and may answer it."""
    if not may(desk.person.roles, "see open questions"):
        return refused(desk, "see open questions")
    found = questions.find(desk.records, desk.person.tenant_id, int(args[0]))
    if found is None:
        return _said(desk, desk.say("questions.gone"))
    others = [
        one for one in roster.members(desk.records, desk.person.tenant_id) if one.id not in (desk.person.id, found.person_id)
    ]
    if len(args) == 1:
        asked = [one for one in others if KNOWS & set(one.roles)][:SHOWN]
        buttons = tuple(
            Button(label(desk.say("button.to_person", code=f"P{one.id}", role=one.roles[-1])), f"pass {found.id} P{one.id}")
            for one in asked
        )
        text = desk.say("pass.who") if buttons else desk.say("pass.nobody")
        blocks = (Block("quote", found.text), Block("say", text))
        return Answer(Card(desk.say("teach.title", id=found.id), blocks, (*buttons, desk.button("questions", "questions"))))
    code = int(args[1].upper().removeprefix("P"))
    if all(one.id != code for one in others):
        return _said(desk, desk.say("issue.no_person", code=f"P{code}"))
    questions.pass_on(desk.records, desk.person.tenant_id, found.id, code)
    audit.note(desk.records, desk.person.tenant_id, desk.person.id, "pass", f"question {found.id} P{code}", desk.now)
    card = Card(
        desk.say("pass.title"),
        (Block("quote", found.text), Block("say", desk.say("pass.asked", id=found.id))),
        (desk.button("answer", f"answer {found.id} {{answer}}", style="primary"),),
        fields=(_box(desk),),
    )
    desk.notices.append(Notice(code, f"pass-{found.id}", card))
    return _said(desk, desk.say("pass.done", code=f"P{code}"))


def answer(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`answer 12 ask at the gate first`: the asker gets these words, as the firm's own and not the standard's."""
    found = questions.find(desk.records, desk.person.tenant_id, int(args[0]))
    if not may(desk.person.roles, "see open questions") and (found is None or found.passed_to != desk.person.id):
        return refused(desk, "see open questions")
    text = " ".join(args[1:])[:LONGEST]
    if found is None:
        return _said(desk, desk.say("questions.gone"))
    if not text:
        return _said(desk, desk.say("answer.how", id=found.id))
    questions.answer(desk.records, desk.person.tenant_id, found.id, text)
    audit.note(desk.records, desk.person.tenant_id, desk.person.id, "answer", f"question {found.id}", desk.now)
    if found.person_id != desk.person.id:
        blocks = (
            Block("quote", found.text),
            Block("say", desk.say("answer.told", answer=text)),
            Block("note", desk.say("answer.own")),
        )
        desk.notices.append(Notice(found.person_id, f"ans-{found.id}", Card(desk.say("teach.answer_title"), blocks)))
    near = (
        [match.id for match in desk.reader.read(found.text).standards] if may(desk.person.roles, "see open questions") else []
    )
    examples = tuple(Button(one, f"teach {found.id} {one}", hint=desk.pack.by_id[one].title) for one in near)
    note = (Block("note", desk.say("answer.example_of")),) if examples else ()
    blocks_ = (Block("quote", text), Block("say", desk.say("answer.done")), *note)
    return Answer(
        Card(desk.say("teach.title", id=found.id), blocks_, (*examples, desk.button("questions", "questions"))), place=False
    )


def teach(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`teach 12 RR2`, `teach 12 none`: from now on. Typed, any standard's id will do."""
    if not may(desk.person.roles, "see open questions"):
        return refused(desk, "see open questions")
    found = questions.find(desk.records, desk.person.tenant_id, int(args[0]))
    standard = (
        ""
        if args[1].lower() == NONE
        else next((one.id for one in desk.pack.standards if one.id.upper() == args[1].upper()), None)
    )
    if found is None or standard is None:
        return _said(desk, desk.say("questions.gone"))
    key = key_of(found.text)
    if written := _written(desk, key, standard):
        return _said(desk, desk.say("teach.breaks", id=written))
    taught.teach(desk.records, desk.person.tenant_id, key, standard, desk.person.id, desk.now)
    audit.note(
        desk.records, desk.person.tenant_id, desk.person.id, "teach", f"question {found.id} {standard or NONE}", desk.now
    )
    alike = [one for one in questions.unanswered(desk.records, desk.person.tenant_id, limit=200) if key_of(one.text) == key]
    for one in {other.id: other for other in (*alike, found)}.values():
        questions.settle(desk.records, desk.person.tenant_id, one.id, "answered")
        _tell(desk, one, standard)
    desk.dialogue = replace(desk.dialogue, undo=f"unteach {found.id}")
    text = desk.say("teach.done", id=standard) if standard else desk.say("teach.done_none")
    return Answer(
        Card(
            desk.say("teach.title", id=found.id),
            (Block("say", text),),
            (desk.button("undo", "undo"), desk.button("questions", "questions")),
        ),
        place=False,
    )


def _written(desk: Desk, key: str, standard: str) -> str | None:
    """The standard that the pack's own question bank gives this question to, if it is another one."""
    bank = ((one.id, line) for one in desk.pack.standards for line in (*one.asks, *one.words, *desk.pack.lines(one.id)))
    return next((identity for identity, line in bank if identity != standard and key_of(line) == key), None)


def _tell(desk: Desk, asked: questions.OpenQuestion, standard: str) -> None:
    if asked.kind != "asked" or asked.person_id == desk.person.id:
        return
    told = desk.say("teach.answer", id=standard) if standard else desk.say("teach.answer_none")
    button = (Button(label(f"Open {standard}"), f"standard {standard}"),) if standard else ()
    card = Card(desk.say("teach.answer_title"), (Block("quote", asked.text), Block("say", told)), button)
    desk.notices.append(Notice(asked.person_id, f"ans-{asked.id}", card, f"standard {standard}" if standard else None))


def unteach(desk: Desk, args: tuple[str, ...]) -> Answer:
    """`unteach 12`: takes it back; the question is open again."""
    if not may(desk.person.roles, "see open questions"):
        return refused(desk, "see open questions")
    found = questions.find(desk.records, desk.person.tenant_id, int(args[0]))
    if found is None or not taught.forget(desk.records, desk.person.tenant_id, key_of(found.text)):
        return _said(desk, desk.say("questions.gone"))
    questions.settle(desk.records, desk.person.tenant_id, found.id, "open")
    audit.note(desk.records, desk.person.tenant_id, desk.person.id, "unteach", f"question {found.id}", desk.now)
    return _said(desk, desk.say("teach.undone"))


def _said(desk: Desk, text: str) -> Answer:
    return Answer(Card(desk.say("teach.plain"), (Block("say", text),), (desk.button("questions", "questions"),)), place=False)


VERBS: Verbs = {
    "questions": open_questions, "question": question, "teach": teach, "unteach": unteach, "pass": pass_on, "answer": answer,
}  # fmt: skip
