"""Questions that went unanswered, kept for trainers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.people import PersonRecord
from storage.tables import Question, table

questions = table(Question)


@dataclass(frozen=True)
class OpenQuestion:
    """A question that waits for a trainer."""

    id: int
    text: str
    kind: str
    asked_at: datetime
    person_id: int
    passed_to: int | None
    answer: str | None


def keep(connection: Connection, person: PersonRecord, text: str, kind: str, now: datetime) -> int:
    """Store a question; its id."""
    row = {
        "tenant_id": person.tenant_id,
        "person_id": person.id,
        "text": text,
        "kind": kind,
        "asked_at": now,
        "state": "open",
    }
    return int(connection.execute(insert(questions).returning(questions.c.id), row).scalar_one())


def withdraw(connection: Connection, person: PersonRecord, identity: int) -> bool:
    """Take one's own open question back, text and all; False when it isn't open any more."""
    mine = (questions.c.id == identity) & (questions.c.tenant_id == person.tenant_id) & (questions.c.person_id == person.id)
    done = connection.execute(update(questions).where(mine, questions.c.state == "open").values(state="withdrawn", text=""))
    return done.rowcount == 1


_OPEN = select(
    questions.c.id, questions.c.text, questions.c.kind, questions.c.asked_at, questions.c.person_id, questions.c.passed_to,
    questions.c.answer,
)  # fmt: skip


def find(connection: Connection, tenant_id: int, identity: int) -> OpenQuestion | None:
    """The tenant's question with this id that nobody took back."""
    wanted = _OPEN.where(questions.c.id == identity, questions.c.tenant_id == tenant_id, questions.c.text != "")
    row = connection.execute(wanted).first()
    return OpenQuestion(*row) if row else None


def pass_on(connection: Connection, tenant_id: int, identity: int, person_id: int) -> None:
    """Ask a colleague to answer it."""
    mine = (questions.c.id == identity) & (questions.c.tenant_id == tenant_id)
    connection.execute(update(questions).where(mine).values(passed_to=person_id))


def answer(connection: Connection, tenant_id: int, identity: int, text: str) -> None:
    """Answered in somebody's own words."""
    mine = (questions.c.id == identity) & (questions.c.tenant_id == tenant_id)
    connection.execute(update(questions).where(mine).values(state="answered", answer=text))


def texts(connection: Connection, tenant_id: int) -> list[str]:
    """All that was asked and not taken back, the latest first."""
    wanted = select(questions.c.text).where(questions.c.tenant_id == tenant_id, questions.c.text != "")
    return list(connection.execute(wanted.order_by(questions.c.id.desc())).scalars())


def settle(connection: Connection, tenant_id: int, identity: int, state: str) -> None:
    """Answered, or open again."""
    mine = (questions.c.id == identity) & (questions.c.tenant_id == tenant_id)
    connection.execute(update(questions).where(mine).values(state=state))


def waiting(connection: Connection, tenant_id: int) -> int:
    """How many questions are open."""
    wanted = select(func.count()).where(questions.c.tenant_id == tenant_id, questions.c.state == "open")
    return int(connection.execute(wanted).scalar_one())


def unanswered(connection: Connection, tenant_id: int, *, limit: int) -> list[OpenQuestion]:
    """The tenant's open questions, newest first."""
    found = (
        _OPEN.where(questions.c.tenant_id == tenant_id, questions.c.state == "open")
        .order_by(questions.c.id.desc())
        .limit(limit)
    )
    return [OpenQuestion(*row) for row in connection.execute(found)]
