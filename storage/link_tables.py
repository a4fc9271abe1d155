"""The tables of links to other systems: keys that read a contract's issues, and webhooks. Rules as in `storage.tables`."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ApiKey(SQLModel, table=True):
    """A key that reads one contract's issues. Only its SHA-256 is kept."""

    __tablename__ = "api_key"
    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    contract_id: int = Field(foreign_key="contract.id")
    name: str = Field(max_length=60)
    hash: str = Field(max_length=64, unique=True)
    restricted: bool = False
    created_at: datetime
    revoked_at: datetime | None = None


class Webhook(SQLModel, table=True):
    """Where a contract's news go, and how far they have got. `secret` is locked under DOORSTEP_SECRET."""

    id: int | None = Field(default=None, primary_key=True)
    tenant_id: int = Field(foreign_key="tenant.id")
    contract_id: int = Field(foreign_key="contract.id")
    url: str = Field(max_length=500)
    secret: str = Field(max_length=500)
    sent_up_to: int
    attempts: int = 0
    due_at: datetime
    error: str = Field(default="", max_length=200)
    created_at: datetime
    ended_at: datetime | None = None


class WebhookReceipt(SQLModel, table=True):
    """A delivery that a landlord's system sent; a second one with the same id does nothing."""

    __tablename__ = "webhook_receipt"
    tenant_id: int = Field(foreign_key="tenant.id")
    webhook_id: int = Field(foreign_key="webhook.id", primary_key=True)
    delivery_id: str = Field(max_length=120, primary_key=True)
    at: datetime = Field(index=True)
