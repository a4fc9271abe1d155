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
from adapters.teams.service_urls import MICROSOFT
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
    doorstep_encoder: Path | None = Field(None, description="Folder of the sentence encoder; by default its packages.")
    doorstep_secret: str = Field("", description="Locks tokens at rest; several with commas, newest first.", repr=False)
    doorstep_files: Path | None = Field(None, description="Folder for photos; by default one in DOORSTEP_DATA.")
    slack_signing_secret: str = Field("", description="Proves that a request comes from Slack.", repr=False)
    slack_bot_token: str = Field("", description="Token of the app in one workspace (xoxb-…).", repr=False)
    slack_client_id: str = Field("", description="Client id of the app, to install it in many workspaces.")
    slack_client_secret: str = Field("", description="Client secret of the app.", repr=False)
    slack_app_token: str = Field("", description="Turns Socket Mode on, to try without a public address (xapp-…).", repr=False)
    slack_api_url: str = Field("https://slack.com/api/", description="Slack's Web API.")
    microsoft_app_id: str = Field("", description="Id of the bot's app registration in Entra.")
    microsoft_app_password: str = Field("", description="A client secret of it: the value, not the id.", repr=False)
    microsoft_app_tenant_id: str = Field("", description="The tenant the app is registered in.")
    teams_allowed_tenants: str = Field("", description="Tenants that may use the bot, with commas; by default its own.")
    teams_openid_metadata_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Where the Bot Framework's signing keys are.",
    )
    teams_token_url: str = Field("", description="Where our own token comes from; by default Entra, for the app's tenant.")
    teams_service_urls: str = Field("", description="Connectors to talk to, with commas; by default Microsoft's.")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value:
            database_url(value)
        return value

    @field_validator("teams_openid_metadata_url", "teams_token_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
            raise ValueError("is not a web address")
        return value

    @field_validator("teams_service_urls")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for one in _listed(value):
            if urlsplit(one).scheme not in ("http", "https") or not urlsplit(one).netloc:
                raise ValueError(f"has {one}, which is not a web address")
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
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def secrets(self) -> list[str]:
        """The secrets, newest first."""
        return _listed(self.doorstep_secret)

    @property
    def teams_is_on(self) -> bool:
        """Whether Teams' settings are there."""
        return bool(self.microsoft_app_id)

    @property
    def files(self) -> Path:
        """The folder of the file store."""
        return self.doorstep_files or self.doorstep_data / "files"

    @property
    def tenants(self) -> list[str]:
        """The tenants that may use the bot on Teams."""
        return _listed(self.teams_allowed_tenants) or [self.microsoft_app_tenant_id]

    @property
    def service_urls(self) -> list[str]:
        """The connectors that our token may go to."""
        return _listed(self.teams_service_urls) or list(MICROSOFT)

    @property
    def token_url(self) -> str:
        """Entra's token endpoint."""
        own = f"https://login.microsoftonline.com/{self.microsoft_app_tenant_id}/oauth2/v2.0/token"
        return self.teams_token_url or own

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
        if (self.slack_signing_secret or self.slack_app_token) and not self.slack_is_on:
            missing.append("Slack is half set: SLACK_BOT_TOKEN is missing. Copy it from the app's OAuth page.")
        return missing + self._install_complaints() + self._teams_complaints()

    def _install_complaints(self) -> list[str]:
        """Many workspaces: three more settings, and no single token beside them."""
        if not (self.slack_client_id or self.slack_client_secret):
            return []
        if self.slack_bot_token:
            return ["SLACK_BOT_TOKEN (one workspace) and SLACK_CLIENT_ID (many) are both set: take one of them away."]
        needed = {
            "SLACK_CLIENT_ID": self.slack_client_id,
            "SLACK_CLIENT_SECRET": self.slack_client_secret,
            "SLACK_SIGNING_SECRET": self.slack_signing_secret,
            "DOORSTEP_SECRET": self.doorstep_secret,
        }
        lacking = [name for name, value in needed.items() if not value]
        return [f"Slack is half set: {' and '.join(lacking)} missing, to install it in many workspaces."] if lacking else []

    def _teams_complaints(self) -> list[str]:
        """The app's own tenant may be left out only where the token's address and the tenants to serve are both given."""
        needed = {
            "MICROSOFT_APP_ID": self.microsoft_app_id,
            "MICROSOFT_APP_PASSWORD": self.microsoft_app_password,
            "MICROSOFT_APP_TENANT_ID": self.microsoft_app_tenant_id or (self.teams_token_url and self.teams_allowed_tenants),
        }
        lacking = [name for name, value in needed.items() if not value]
        if not lacking or not (self.microsoft_app_id or self.microsoft_app_password):
            return []
        return [f"Teams is half set: {' and '.join(lacking)} missing. Copy it from the app's page in the Azure portal."]


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


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
