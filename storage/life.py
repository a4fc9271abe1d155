"""The life of what people said: how long it is kept, taking it away, and giving it out to whom it is about.

Every table that holds something of a person is named in here; `docs/data.md` says the same in words, and a test compares.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from storage.audit import audit, note
from storage.issues import clocks as issue_clocks
from storage.issues import events, issues, promises
from storage.people import contracts, conversations, dialogues, people, roles, teams, tenants
from storage.photos import photos
from storage.questions import questions
from storage.tables import Card, Inbox, Outbox, table
from storage.tips import answers as quiz_answers
from storage.tips import receipts
from storage.visits import visits

cards, inbox, outbox = table(Card), table(Inbox), table(Outbox)

DAYS = {"questions": 365, "photos": 30, "visits": 400, "issues": 2200, "quizzes": 400}


def run_out(connection: Connection, now: datetime) -> list[str]:
    """Take away what has been kept for as long as its contract allows; the ids of photos whose files must go first.

    Questions go here; photos go by `forget_photos` once their files are gone.
    """
    due: list[str] = []
    groups: list[tuple[Any, dict[str, Any]]] = [(people.c.team_id.is_(None), {})]
    for row in connection.execute(select(contracts.c.id, contracts.c.settings)):
        of_contract = select(teams.c.id).where(teams.c.contract_id == row.id)
        groups.append((people.c.team_id.in_(of_contract), (row.settings or {}).get("retention") or {}))
    for who, days in groups:
        mine = select(people.c.id).where(who)
        before = {name: now - timedelta(days=int(days.get(name, default))) for name, default in DAYS.items()}
        connection.execute(delete(questions).where(questions.c.person_id.in_(mine), questions.c.asked_at < before["questions"]))
        connection.execute(delete(visits).where(visits.c.person_id.in_(mine), visits.c.started_at < before["visits"]))
        old_quiz = (quiz_answers.c.person_id.in_(mine)) & (quiz_answers.c.at < before["quizzes"])
        connection.execute(delete(quiz_answers).where(old_quiz))
        _drop_issues(
            connection, (issues.c.person_id.in_(mine)) & (issues.c.state == "closed") & (issues.c.changed_at < before["issues"])
        )
        old = select(photos.c.id).where(photos.c.person_id.in_(mine), photos.c.taken_at < before["photos"]).limit(100)
        due += connection.execute(old).scalars()
    return due


def _drop_issues(connection: Connection, which: ColumnElement[bool]) -> None:
    """Take issues away with all that hangs on them; a thousand at a time."""
    old = select(issues.c.id).where(which).limit(1000)
    ids = list(connection.execute(old).scalars())
    for kept in (issue_clocks, events, promises):
        connection.execute(delete(kept).where(kept.c.issue_id.in_(ids)))
    connection.execute(update(photos).where(photos.c.issue_id.in_(ids)).values(issue_id=None))
    connection.execute(update(issues).where(issues.c.merged_into.in_(ids)).values(merged_into=None))
    connection.execute(delete(issues).where(issues.c.id.in_(ids)))


def forget_photos(connection: Connection, ids: list[str]) -> None:
    """Remove the rows of photos whose files are gone."""
    connection.execute(delete(photos).where(photos.c.id.in_(ids)))


def forget_latest(connection: Connection, tenant_id: int, person_id: int, now: datetime) -> tuple[str, list[str]] | None:
    """Take away the last thing a person left, a question, a photo or a new issue: what it was, and files to remove."""
    question = connection.execute(
        select(questions.c.id, questions.c.asked_at)
        .where(questions.c.tenant_id == tenant_id, questions.c.person_id == person_id, questions.c.text != "")
        .order_by(questions.c.id.desc())
        .limit(1)
    ).first()
    latest = select(func.max(photos.c.taken_at)).where(photos.c.tenant_id == tenant_id, photos.c.person_id == person_id)
    taken_at = connection.execute(latest).scalar()
    own = (issues.c.tenant_id == tenant_id) & (issues.c.person_id == person_id) & (issues.c.state == "new")
    logged = connection.execute(
        select(issues.c.id, issues.c.logged_at).where(own).order_by(issues.c.id.desc()).limit(1)
    ).first()
    others = [moment for moment in (taken_at, question.asked_at if question else None) if moment]
    if logged and all(logged.logged_at >= moment for moment in others):
        _drop_issues(connection, issues.c.id == logged.id)
        note(connection, tenant_id, person_id, "forget", f"issue {logged.id}", now)
        return "issue", []
    if taken_at and (question is None or taken_at >= question.asked_at):
        mine = (photos.c.tenant_id == tenant_id) & (photos.c.person_id == person_id) & (photos.c.taken_at == taken_at)
        ids = list(connection.execute(select(photos.c.id).where(mine)).scalars())
        note(connection, tenant_id, person_id, "forget", "photo", now)
        return "photo", ids
    if question is None:
        return None
    connection.execute(update(questions).where(questions.c.id == question.id).values(text="", state="withdrawn"))
    note(connection, tenant_id, person_id, "forget", f"question {question.id}", now)
    return "question", []


def erase(connection: Connection, person_id: int, now: datetime) -> tuple[bool, list[str]]:
    """Take away everything of a person; whether they were there, and files to remove. The audit keeps that it was done.

    The row stays, under a made-up id and without a role, so that what others did with them still adds up.
    """
    row = connection.execute(select(people.c.tenant_id, people.c.external_id).where(people.c.id == person_id)).first()
    if row is None:
        return False, []
    own = select(conversations.c.id).where(
        conversations.c.tenant_id == row.tenant_id, conversations.c.external_key == f"dm:{row.external_id}"
    )
    mine_of_cards = select(cards.c.id).where(cards.c.person_id == person_id)
    files = list(connection.execute(select(photos.c.id).where(photos.c.person_id == person_id)).scalars())
    for gone in (
        delete(questions).where(questions.c.person_id == person_id),
        update(questions).where(questions.c.passed_to == person_id).values(passed_to=None),
        delete(visits).where(visits.c.person_id == person_id),
        delete(quiz_answers).where(quiz_answers.c.person_id == person_id),
        delete(receipts).where(receipts.c.person_id == person_id),
        delete(photos).where(photos.c.person_id == person_id),
        delete(promises).where(promises.c.person_id == person_id),
        update(issues).where(issues.c.owner_id == person_id).values(owner_id=None),
        delete(dialogues).where(dialogues.c.person_id == person_id),
        delete(inbox).where(inbox.c.person_id == person_id),
        delete(outbox).where(outbox.c.conversation_id.in_(own) | outbox.c.card_id.in_(mine_of_cards)),
        delete(cards).where(cards.c.person_id == person_id),
        delete(roles).where(roles.c.person_id == person_id),
        update(conversations)
        .where(conversations.c.id.in_(own))
        .values(address=None, external_key=f"erased:{person_id}", blocked_reason="erased"),
        update(people).where(people.c.id == person_id).values(external_id=f"erased:{person_id}", team_id=None, pocket_at=None),
    ):
        connection.execute(gone)
    note(connection, row.tenant_id, None, "erase", f"P{person_id}", now)
    return True, files


def everything_about(connection: Connection, person_id: int) -> dict[str, Any] | None:
    """A subject-access export: every row that is about a person, in plain data. None when there is nobody."""
    who = (
        select(
            people.c.external_id,
            people.c.timezone,
            people.c.pocket_at,
            people.c.created_at,
            tenants.c.platform,
            tenants.c.external_id.label("tenant"),
        )
        .select_from(people.join(tenants, tenants.c.id == people.c.tenant_id))
        .where(people.c.id == person_id)
    )
    person = connection.execute(who).mappings().first()
    if person is None:
        return None
    about = {
        "roles": select(roles.c.role).where(roles.c.person_id == person_id),
        "team": select(teams.c.name)
        .select_from(teams.join(people, people.c.team_id == teams.c.id))
        .where(people.c.id == person_id),
        "questions": select(
            questions.c.text, questions.c.kind, questions.c.state, questions.c.answer, questions.c.asked_at
        ).where(questions.c.person_id == person_id),
        "issues_logged": select(
            issues.c.number, issues.c.category, issues.c.place, issues.c.text, issues.c.state, issues.c.logged_at
        ).where(issues.c.person_id == person_id),
        "issue_story": select(events.c.at, events.c.kind, events.c.detail).where(events.c.person_id == person_id),
        "promises": select(promises.c.text, promises.c.due_at, promises.c.state).where(promises.c.person_id == person_id),
        "quiz_answers": select(quiz_answers.c.standard, quiz_answers.c.item, quiz_answers.c.right, quiz_answers.c.at).where(
            quiz_answers.c.person_id == person_id
        ),
        "tips_received": select(receipts.c.tip_id, receipts.c.state, receipts.c.at).where(receipts.c.person_id == person_id),
        "visits": select(visits.c.checklist, visits.c.place, visits.c.answers, visits.c.state, visits.c.started_at).where(
            visits.c.person_id == person_id
        ),
        "photos": select(photos.c.id, photos.c.bytes, photos.c.taken_at).where(photos.c.person_id == person_id),
        "dialogues": select(dialogues.c.state, dialogues.c.updated_at).where(dialogues.c.person_id == person_id),
        "messages_taken_in": select(inbox.c.received_at, inbox.c.state, inbox.c.turn).where(inbox.c.person_id == person_id),
        "cards_shown": select(cards.c.view, cards.c.created_at).where(cards.c.person_id == person_id),
        "acts": select(audit.c.at, audit.c.action, audit.c.subject).where(
            (audit.c.person_id == person_id) | (audit.c.subject == f"P{person_id}")
        ),
    }
    found = {name: [dict(row) for row in connection.execute(rows).mappings()] for name, rows in about.items()}
    return {"person": {"code": f"P{person_id}", **person}, **found}
