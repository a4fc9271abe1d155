"""The tables of the work: visits, issues with their clocks and promises, tips and quizzes. Rules as in `storage.tables`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables import json_column


class Visit(SQLModel, table=True):
    """One run of a checklist. No name and no reason that names anybody; the place as it was typed, where it was."""

    __table_args__ = (
        Index("ix_visit_tenant_id_person_id", "tenant_id", "person_id"),
        Index("ix_visit_tenant_id_started_at", "tenant_id", "started_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    person_id: int = Field(foreign_key="person.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    checklist: str = Field(max_length=32)
    version: str = Field(max_length=16)
    items: list[str] = json_column()
    answers: dict[str, Any] = json_column()
    versions: dict[str, Any] = json_column()
    place: str | None = Field(default=None, max_length=120)
    state: str = Field(default="open", max_length=12)
    started_at: datetime
    finished_at: datetime | None = None


class Issue(SQLModel, table=True):
    """Something that was raised on site. `number` counts within the tenant and makes the spoken reference.

    `unit_key` and `block_key` are the place made comparable: the flat's or house's number, and the rest.
    """

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        Index("ix_issue_tenant_id_person_id_state", "tenant_id", "person_id", "state"),
        Index("ix_issue_tenant_id_contract_id_state_due_at", "tenant_id", "contract_id", "state", "due_at"),
        Index("ix_issue_tenant_id_block_key_logged_at", "tenant_id", "block_key", "logged_at"),
        Index("ix_issue_owner_id_state", "owner_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    number: int
    contract_id: int | None = Field(default=None, foreign_key="contract.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    person_id: int = Field(foreign_key="person.id")
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    category: str = Field(max_length=32)
    priority: str = Field(max_length=8)
    place: str | None = Field(default=None, max_length=120)
    postcode: str | None = Field(default=None, max_length=10)
    room: str | None = Field(default=None, max_length=40)
    unit_key: str | None = Field(default=None, max_length=24)
    block_key: str | None = Field(default=None, max_length=100)
    text: str = Field(sa_column=Column(Text, nullable=False))
    complaint: str = Field(default="", max_length=12)
    state: str = Field(default="new", max_length=16)
    restricted: bool = False
    merged_into: int | None = Field(default=None, foreign_key="issue.id")
    standard: str = Field(default="", max_length=48)
    logged_at: datetime
    changed_at: datetime
    due_at: datetime | None = None
    told_at: datetime | None = None
    paused_at: datetime | None = None
    revision: int = 1


class IssueClock(SQLModel, table=True):
    """A clock that runs on an issue, or ran: met, or not."""

    __tablename__ = "issue_clock"
    __table_args__ = (
        UniqueConstraint("issue_id", "clock"),
        Index("ix_issue_clock_tenant_id_met_at_due_at", "tenant_id", "met_at", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    issue_id: int = Field(foreign_key="issue.id")
    clock: str = Field(max_length=32)
    started_at: datetime
    due_at: datetime
    met_at: datetime | None = None


class IssueEvent(SQLModel, table=True):
    """What happened to an issue: logged, moved, assigned, said. Without private parts."""

    __tablename__ = "issue_event"
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    issue_id: int = Field(foreign_key="issue.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    kind: str = Field(max_length=24)
    detail: str = Field(default="", max_length=280)


class Promise(SQLModel, table=True):
    """What a resident was told would happen, and by when."""

    __table_args__ = (Index("ix_promise_tenant_id_person_id_state", "tenant_id", "person_id", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    issue_id: int = Field(foreign_key="issue.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = Field(max_length=160)
    due_at: datetime
    state: str = Field(default="open", max_length=8)
    asked_at: datetime | None = None


class Occasion(SQLModel, table=True):
    """Something that happens once: a summary at its time, a reminder. Whoever writes the row does it."""

    tenant_id: int = Field(foreign_key="tenant.id", primary_key=True)
    name: str = Field(max_length=120, primary_key=True)
    at: datetime = Field(index=True)


class Tip(SQLModel, table=True):
    """A tip that a trainer sends: on a standard, or in their own words; to whom, when."""

    __table_args__ = (Index("ix_tip_state_due_at", "state", "due_at"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    author_id: int = Field(foreign_key="person.id")
    contract_id: int | None = Field(default=None, foreign_key="contract.id")
    standard: str = Field(default="", max_length=32)
    text: str = Field(default="", max_length=280)
    audience: dict[str, Any] = json_column()
    state: str = Field(default="draft", max_length=12)
    due_at: datetime | None = None
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime


class TipReceipt(SQLModel, table=True):
    """What became of a tip with one person: sent, answered, not reached."""

    __tablename__ = "tip_receipt"
    tip_id: int = Field(foreign_key="tip.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    state: str = Field(max_length=16)
    tries: int = 0
    right_first: bool | None = None
    at: datetime


class QuizAnswer(SQLModel, table=True):
    """One answer to one quiz question; seen by the person and, counted, by trainers."""

    __tablename__ = "quiz_answer"
    __table_args__ = (Index("ix_quiz_answer_tenant_id_person_id", "tenant_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    person_id: int = Field(foreign_key="person.id")
    standard: str = Field(max_length=32)
    item: str = Field(max_length=8)
    right: bool
    at: datetime


class Taught(SQLModel, table=True):
    """A question, without its small words, and the standard that a trainer gave it to; empty for none."""

    tenant_id: int = Field(foreign_key="tenant.id", primary_key=True)
    key: str = Field(max_length=200, primary_key=True)
    standard: str = Field(default="", max_length=32)
    person_id: int = Field(foreign_key="person.id")
    at: datetime
