"""Every setting, read from the environment or a `.env` file and checked before anything starts.

README's table is made true by a test: each field here has a row there. A platform without its secrets is off; one with half of
them refuses to start and says which is missing.
"""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.errors import SettingsError
from content import SHIPPED
from storage.store import database_url


class Settings(BaseSettings):
    """The settings by their lower-case names; in the environment they are upper case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    port: int = Field(3978, ge=0, le=65535, description="Port of the web server; 0 takes a free one.")
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    doorstep_data: Path = Field(Path(".doorstep"), description="Folder for everything that Doorstep keeps on disk.")
    database_url: str = Field("", description="SQLite or PostgreSQL; by default an SQLite file in DOORSTEP_DATA.")
    doorstep_pack: Path = Field(SHIPPED, description="Folder of the content pack; by default the shipped one.")
    slack_signing_secret: str = Field("", description="Proves that a request comes from Slack.", repr=False)
    slack_bot_token: str = Field("", description="Token of the app in one workspace (xoxb-…).", repr=False)
    slack_app_token: str = Field("", description="Turns Socket Mode on, to try without a public address (xapp-…).", repr=False)
    slack_api_url: str = Field("https://slack.com/api/", description="Slack's Web API.")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value:
            database_url(value)
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
            raise ValueError("is not an address such as https://slack.com/api/")
        return value if value.endswith("/") else value + "/"

    @property
    def database(self) -> str:
        """The database to open."""
        return self.database_url or f"sqlite:///{(self.doorstep_data / 'doorstep.db').absolute()}"

    @property
    def slack_is_on(self) -> bool:
        """Whether Slack's settings are there."""
        return bool(self.slack_bot_token)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the web server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def complaints(self) -> list[str]:
        """What is half set, a line each."""
        missing = []
        if self.slack_bot_token and not (self.slack_signing_secret or self.slack_app_token):
            missing.append(
                "SLACK_BOT_TOKEN is set but SLACK_SIGNING_SECRET is missing: copy it from the app's Basic Information page."
            )
        if (self.slack_signing_secret or self.slack_app_token) and not self.slack_bot_token:
            missing.append("Slack is half set: SLACK_BOT_TOKEN is missing. Copy it from the app's OAuth page.")
        return missing


def load() -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: one line a fault, with the setting's name and what to do.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc'])).upper()} {_plain(one['msg'])}." for one in error.errors()]
        raise SettingsError(" ".join(lines)) from error
    if complaints := settings.complaints():
        raise SettingsError(" ".join(complaints))
    return settings


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
