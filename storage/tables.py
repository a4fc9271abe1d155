"""The tables, as sqlmodel classes; those of visits, issues and tips are in `storage.work_tables`.

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


def json_column(*, nullable: bool = False) -> Any:
    """A column of plain data, written whole."""
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
    settings: dict[str, Any] | None = json_column(nullable=True)


class Team(SQLModel, table=True):
    """People who work together on one contract."""

    __table_args__ = (UniqueConstraint("contract_id", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    contract_id: int = Field(foreign_key="contract.id")
    name: str = Field(max_length=120)
    channel: str | None = Field(default=None, max_length=255)


class Person(SQLModel, table=True):
    """One human on one platform account. No name is kept: the platform's opaque id is enough.

    `pocket_at` is when their pocket pack comes, such as `07:00`; None for who doesn't want it unasked.
    """

    __table_args__ = (UniqueConstraint("tenant_id", "external_id"),)
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    external_id: str = Field(max_length=160)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    timezone: str = Field(default="Europe/London", max_length=64)
    created_at: datetime
    welcomed_at: datetime | None = None
    tips_off: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    pocket_at: str | None = Field(default=None, max_length=5)


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
    address: dict[str, Any] | None = json_column(nullable=True)


class Dialogue(SQLModel, table=True):
    """What the bot remembers between two turns of one person in one conversation."""

    conversation_id: int = Field(foreign_key="conversation.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    state: dict[str, Any] = json_column()
    updated_at: datetime


class Card(SQLModel, table=True):
    """One card on somebody's screen: what its buttons say, and where the platform keeps it, so that it can be edited."""

    id: str = Field(max_length=24, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    conversation_id: int = Field(foreign_key="conversation.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    revision: int = 1
    view: dict[str, Any] = json_column()
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
    turn: dict[str, Any] | None = json_column(nullable=True)
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
        Index("ix_outbox_card_id", "card_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    conversation_id: int = Field(foreign_key="conversation.id")
    card_id: str | None = Field(default=None, max_length=24)
    action: str = Field(max_length=8)
    address: dict[str, Any] = json_column()
    content: dict[str, Any] = json_column()
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
    after: bool = False


class Bucket(SQLModel, table=True):
    """A rate limit shared by every process: a theoretical arrival time, and until when the platform told us to wait."""

    tenant_id: int = Field(foreign_key="tenant.id", primary_key=True)
    name: str = Field(max_length=160, primary_key=True)
    next_at: datetime
    held_until: datetime | None = None


class Question(SQLModel, table=True):
    """A question that went unanswered and that its asker wants a trainer to see.

    `passed_to` is a colleague who was asked to answer it; `answer` is what somebody answered in their own words.
    """

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = Field(sa_column=Column(Text, nullable=False))
    kind: str = Field(max_length=16)
    asked_at: datetime
    state: str = Field(default="open", max_length=12)
    passed_to: int | None = Field(default=None, foreign_key="person.id")
    answer: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


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
