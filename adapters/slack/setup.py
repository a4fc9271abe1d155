"""Slack's pieces, from the settings: one workspace with its token there, or many that install the app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.settings import Settings
from adapters.slack.oauth import SlackInstall
from adapters.slack.sender import client_of
from adapters.slack.tokens import InstalledTokens, OneToken, Tokens
from storage.secrets import Vault
from storage.store import Store


@dataclass(frozen=True)
class Slack:
    """Where tokens come from, the client for what needs none, and how to install where there are many."""

    tokens: Tokens
    client: AsyncWebClient
    install: SlackInstall | None

    @classmethod
    def make(cls, settings: Settings, store: Store, session: aiohttp.ClientSession, clock: Callable[[], datetime]) -> "Slack":
        """From the settings."""
        if settings.slack_bot_token:
            client = client_of(settings.slack_bot_token, settings.slack_api_url, session)
            return cls(OneToken(settings.slack_bot_token), client, None)
        client, vault = client_of(None, settings.slack_api_url, session), Vault(settings.secrets)
        credentials = (settings.slack_client_id, settings.slack_client_secret)
        tokens = InstalledTokens(store, vault, client, credentials, clock)
        return cls(tokens, client, SlackInstall(store, vault, tokens, client, credentials, clock))
