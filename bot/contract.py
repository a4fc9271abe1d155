"""A contract's settings, as a file or a line in chat gives them, checked.

Quiet hours, summaries, hours and priorities are the contract's own; nothing here is a rule of law.
"""

from datetime import date, time
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.understanding.shorthand import read_date
from content import Item

Phone = Annotated[str, StringConstraints(pattern=r"^[+()\d][\d ()-]{2,38}$")]
COLUMNS = ("landlord", "emergency_phone", "safeguarding_phone", "adult_age", "timezone")


class Strict(BaseModel):
    """A part of the file: no unknown names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Retention(Strict):
    """For how many days a thing is kept."""

    questions: int = Field(365, ge=1, le=3650)
    photos: int = Field(30, ge=1, le=3650)
    visits: int = Field(400, ge=1, le=3650)
    issues: int = Field(2200, ge=1, le=7300)
    quizzes: int = Field(400, ge=1, le=3650)


class Priority(Strict):
    """How soon a repair of this priority is due: one of hours, working days or calendar days."""

    name: str = Field(pattern=r"^P[1-9]$")
    hours: int | None = Field(None, ge=1, le=720)
    working_days: int | None = Field(None, ge=1, le=365)
    days: int | None = Field(None, ge=1, le=730)

    @model_validator(mode="after")
    def _one(self) -> "Priority":
        if sum(one is not None for one in (self.hours, self.working_days, self.days)) != 1:
            raise ValueError("a priority has hours, working_days or days: one of them")
        return self


PRIORITIES = (
    Priority(name="P1", hours=24),
    Priority(name="P2", working_days=5),
    Priority(name="P3", working_days=20),
    Priority(name="P4", days=90),
)


class TeamFile(Strict):
    """A team. People who mention the bot in its channel are placed in it."""

    name: str = Field(min_length=1, max_length=120)
    channel: str | None = Field(None, max_length=255)


class ChecklistChange(Strict):
    """What a contract changes in a checklist: items it drops (a stop stays), rewords by id, or adds."""

    drop: tuple[str, ...] = ()
    reword: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=60)]] = Field(default_factory=dict)
    add: tuple[Item, ...] = ()


class ContractFile(Strict):
    """One contract of a contracts file."""

    name: str = Field(min_length=1, max_length=120)
    landlord: str = Field("", max_length=120)
    emergency_phone: Phone | None = None
    safeguarding_phone: Phone | None = None
    adult_age: int = Field(18, ge=16, le=21)
    timezone: str = "Europe/London"
    complaint_route: str = Field("", max_length=300)
    working_from: time = time(8, 0)
    working_to: time = time(17, 0)
    quiet_from: time = time(19, 0)
    quiet_to: time = time(7, 0)
    summary_at: tuple[time, ...] = (time(16, 30), time(7, 0))
    extra_holidays: tuple[date, ...] = ()
    worked_days: tuple[date, ...] = ()
    priorities: tuple[Priority, ...] = PRIORITIES
    summary_channel: str | None = Field(None, max_length=255)
    retention: Retention = Retention()
    visit_hours: int = Field(8, ge=1, le=72)
    right_to_repair: bool = False
    checklists: dict[str, ChecklistChange] = Field(default_factory=dict)
    teams: tuple[TeamFile, ...] = ()

    @model_validator(mode="after")
    def _times(self) -> "ContractFile":
        if self.working_from >= self.working_to:
            raise ValueError("working_from must come before working_to")
        return self

    def columns(self) -> dict[str, Any]:
        """What has a column of its own."""
        return {name: getattr(self, name) or ("" if name != "adult_age" else 18) for name in COLUMNS}

    def settings(self) -> dict[str, Any]:
        """The rest, as plain data."""
        return self.model_dump(mode="json", exclude={*COLUMNS, "name", "teams"})


class ContractsFile(Strict):
    """A contracts file: for one tenant, several contracts."""

    tenant: str = Field(pattern=r"^(slack|teams|web|terminal):.+$")
    contracts: tuple[ContractFile, ...]


def changed(settings: dict[str, Any], name: str, values: tuple[str, ...], today: date) -> dict[str, Any]:
    """What a line in chat changes, in a contracts file's words; `settings` are the contract's present ones.

    Raises:
        ValueError: a day that can't be read.
    """
    match name:
        case "quiet_hours" | "working_hours":
            kind = name.removesuffix("_hours")
            return {f"{kind}_from": values[0], f"{kind}_to": values[1]}
        case "summary_at":
            return {name: values}
        case "right_to_repair":
            return {name: values[0].lower() in ("on", "yes")}
        case "extra_holidays" | "worked_days":
            day = read_day(" ".join(values), today)
            return {name: sorted({*(settings.get(name) or ()), day.isoformat()})}
        case "priorities":
            kept = settings.get(name) or [one.model_dump(exclude_none=True) for one in PRIORITIES]
            others = [one for one in kept if one["name"] != values[0]]
            return {name: sorted([*others, {"name": values[0], values[2]: int(values[1])}], key=lambda one: str(one["name"]))}
        case "retention":
            return {name: {**(settings.get(name) or {}), values[0]: int(values[1])}}
    return {name: " ".join(values)}


def read_day(text: str, today: date) -> date:
    """A day such as `24 December`, the next one there is; or with its year. Raises ValueError."""
    found = read_date(text, today)
    if found is None:
        raise ValueError("no day")
    if found < today and str(found.year) not in text:
        return found.replace(year=found.year + 1)
    return found
