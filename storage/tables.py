"""The tables, as sqlmodel classes.

Every table but `tenant` and `install_state` has a `tenant_id`: a row
belongs to one Slack workspace, one Teams tenant or the playground.
Times are zone-aware (sqlmodel stores UTC and refuses naive ones). States are short lower-case words in plain string
columns, never native enums, so that a new state needs no migration on PostgreSQL. JSON columns are written whole: an
in-place change would be lost without a word.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, MetaData, Table, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: MetaData = SQLModel.metadata


def _json(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(JSON(none_as_null=True), nullable=nullable))


class Tenant(SQLModel, table=True):
    """One Slack workspace or org, one Teams tenant, or the local playground."""

    __table_args__ = (UniqueConstraint("platform", "external_id"),)
    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=16)
    external_id: str = Field(max_length=160)
    created_at: datetime
    removed_at: datetime | None = None


class Contract(SQLModel, table=True):
    """A client landlord and area: whose phone numbers, calendar and adult age apply. `settings` is what has no column."""

    __table_args__ = (UniqueConstraint("tenant_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    name: str = Field(max_length=120)
    landlord: str = Field(default="", max_length=120)
    emergency_phone: str = Field(default="", max_length=40)
    safeguarding_phone: str = Field(default="", max_length=40)
    adult_age: int = 18
    timezone: str = Field(default="Europe/London", max_length=64)
    settings: dict[str, Any] | None = _json(nullable=True)


class Team(SQLModel, table=True):
    """People who work together on one contract."""

    __table_args__ = (UniqueConstraint("contract_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    contract_id: int = Field(foreign_key="contract.id")
    name: str = Field(max_length=120)
    channel: str | None = Field(default=None, max_length=255)


class Person(SQLModel, table=True):
    """One human on one platform account. No name is kept: the platform's opaque id is enough."""

    __table_args__ = (UniqueConstraint("tenant_id", "external_id"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    external_id: str = Field(max_length=160)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    timezone: str = Field(default="Europe/London", max_length=64)
    created_at: datetime
    welcomed_at: datetime | None = None
    tips_off: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class PersonRole(SQLModel, table=True):
    """A role that a person holds; several at once are allowed."""

    __tablename__ = "person_role"
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    role: str = Field(max_length=16, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)


class Conversation(SQLModel, table=True):
    """One direct chat or channel. Its row is the lock under which turns and deliveries take place one at a time."""

    __table_args__ = (UniqueConstraint("tenant_id", "external_key"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    external_key: str = Field(max_length=255)
    created_at: datetime
    blocked_reason: str | None = Field(default=None, max_length=80)
    address: dict[str, Any] | None = _json(nullable=True)


class Dialogue(SQLModel, table=True):
    """What the bot remembers between two turns of one person in one conversation."""

    conversation_id: int = Field(foreign_key="conversation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    state: dict[str, Any] = _json()
    updated_at: datetime


class Card(SQLModel, table=True):
    """One card on somebody's screen: what its buttons say, and where the platform keeps it, so that it can be edited."""

    id: str = Field(max_length=24, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    revision: int = 1
    view: dict[str, Any] = _json()
    message_id: str | None = Field(default=None, max_length=255)
    created_at: datetime


class Inbox(SQLModel, table=True):
    """What came in, stored before it is acknowledged. `turn` is blanked once the turn is done.

    `deliveries` counts how often the platform sent it under the same id; `echo_key` finds the same words under another one.
    """

    __table_args__ = (
        UniqueConstraint("tenant_id", "event_id"),
        UniqueConstraint("tenant_id", "semantic_key"),
        Index("ix_inbox_state_due_at", "state", "due_at"),
        Index("ix_inbox_conversation_id_state", "conversation_id", "state"),
        Index("ix_inbox_tenant_id_echo_key", "tenant_id", "echo_key"),
    )
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    conversation_id: int = Field(foreign_key="conversation.id")
    person_id: int = Field(foreign_key="person.id")
    event_id: str = Field(max_length=255)
    semantic_key: str | None = Field(default=None, max_length=255)
    echo_key: str | None = Field(default=None, max_length=64)
    deliveries: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    turn: dict[str, Any] | None = _json(nullable=True)
    received_at: datetime
    state: str = Field(default="new", max_length=12)
    attempts: int = 0
    due_at: datetime
    error: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    done_at: datetime | None = None


class Outbox(SQLModel, table=True):
    """Everything that is said. Cards are neutral data here; a platform's renderer turns them into blocks when sent."""

    __table_args__ = (
        Index("ix_outbox_state_due_at", "state", "due_at"),
        Index("ix_outbox_conversation_id_state", "conversation_id", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    conversation_id: int = Field(foreign_key="conversation.id")
    card_id: str | None = Field(default=None, max_length=24)
    action: str = Field(max_length=8)
    address: dict[str, Any] = _json()
    content: dict[str, Any] = _json()
    urgent: bool = False
    state: str = Field(default="pending", max_length=12)
    attempts: int = 0
    rung: int = 0
    due_at: datetime
    lease_until: datetime | None = None
    message_id: str | None = Field(default=None, max_length=255)
    error: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    created_at: datetime
    done_at: datetime | None = None


class Installation(SQLModel, table=True):
    """A workspace that installed the app by OAuth. Tokens are locked under DOORSTEP_SECRET."""

    tenant_id: int = Field(foreign_key="tenant.id", primary_key=True)
    bot_token: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    refresh_token: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    ends_at: datetime | None = None
    renewing_until: datetime | None = None
    bot_user_id: str = Field(max_length=64)
    enterprise_id: str | None = Field(default=None, max_length=64)
    scopes: str = Field(sa_column=Column(Text, nullable=False))
    installed_at: datetime


class InstallState(SQLModel, table=True):
    """An install that is under way. It has no tenant yet: that comes out of it."""

    __tablename__ = "install_state"
    digest: str = Field(max_length=64, primary_key=True)
    ends_at: datetime


class Photo(SQLModel, table=True):
    """A photo that somebody sent. The bytes are in the file store, under the id; re-encoded, without place and time."""

    id: str = Field(max_length=24, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    person_id: int = Field(foreign_key="person.id")
    bytes: int
    width: int
    height: int
    taken_at: datetime
    issue_id: int | None = Field(default=None, index=True)


class Bucket(SQLModel, table=True):
    """A rate limit shared by every process: when the next send may leave, as a theoretical arrival time."""

    tenant_id: int = Field(foreign_key="tenant.id", primary_key=True)
    name: str = Field(max_length=160, primary_key=True)
    next_at: datetime


class Question(SQLModel, table=True):
    """A question that went unanswered and that its asker wants a trainer to see."""

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = Field(sa_column=Column(Text, nullable=False))
    kind: str = Field(max_length=16)
    asked_at: datetime
    state: str = Field(default="open", max_length=12)


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
    items: list[str] = _json()
    answers: dict[str, Any] = _json()
    versions: dict[str, Any] = _json()
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
    audience: dict[str, Any] = _json()
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


class Audit(SQLModel, table=True):
    """Who did what, when. Never the content."""

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    action: str = Field(max_length=40)
    subject: str = Field(default="", max_length=160)


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a sqlmodel class; the hot path reads and writes without the ORM's unit of work."""
    return metadata.tables[str(model.__tablename__)]
