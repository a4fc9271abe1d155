"""The app manifest to paste into Slack. Schema: github.com/slackapi/manifest-schema 2.0.0."""

from typing import Any

from adapters.slack.inbound import LOG_MESSAGE, LOG_NEW

SCOPES = ["app_mentions:read", "chat:write", "commands", "files:read", "files:write", "im:history", "im:read", "im:write"]
EVENTS = ["app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"]


def manifest(url: str, *, sockets: bool = False) -> dict[str, Any]:
    """The manifest for a server at `url`, or for Socket Mode, which needs no address."""
    endpoint = f"{url.rstrip('/')}/slack/events"
    address = {} if sockets else {"request_url": endpoint}
    redirect = {} if sockets else {"redirect_urls": [f"{url.rstrip('/')}/slack/oauth_redirect"]}
    command = {
        "command": "/standards",
        "description": "Quote a standard",
        "usage_hint": "shoe covers",
        "should_escape": False,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Doorstep",
            "description": "Standards for working in people's homes, before you knock",
            "background_color": "#14532d",
        },
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "Doorstep", "always_online": True},
            "shortcuts": [
                {"name": "Log it", "type": "message", "callback_id": LOG_MESSAGE, "description": "Log what a message says"},
                {"name": "Log something", "type": "global", "callback_id": LOG_NEW, "description": "A form of two boxes"},
            ],
            "slash_commands": [command if sockets else {**command, "url": endpoint}],
        },
        "oauth_config": {"scopes": {"bot": SCOPES}, **redirect},
        "settings": {
            "event_subscriptions": {**address, "bot_events": EVENTS},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": sockets,
            "token_rotation_enabled": False,
        },
    }
