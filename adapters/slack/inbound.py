"""Reads Slack's payloads as turns. What isn't for us, or is of a kind we don't know, is None and gets a plain 200."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.turn import Attachment, Choice, Event, Turn

_MENTION = re.compile(r"<@[UW][A-Z0-9]*(?:\|[^>]*)?>")
_LINK = re.compile(r"<(?:[^|>]*\|)?([^>]*)>")
_KEPT_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
_VALUE = re.compile(r"^([\w-]{1,24})\.(\d{1,9})\.(\d{1,2})$")
LONGEST = 4_000
LOG_MESSAGE, LOG_NEW, FORM = "log_message", "log_new", "form"
MOST_PHOTOS = 5

Payload = Mapping[str, Any]


def read(body: Payload, now: datetime) -> Turn | None:
    """The turn in a verified payload: an event, a tap or a slash command.

    Raises:
        KeyError, TypeError, ValueError: the payload lacks what Slack always sends; the caller answers 200 and counts it.
    """
    if "command" in body:
        return _command(body, now)
    match body.get("type"):
        case "event_callback":
            return _event(body, now)
        case "block_actions":
            return _tap(body, now)
        case "message_action" if body.get("callback_id") == LOG_MESSAGE:
            return _logged(body, now)
        case "view_submission" if body["view"].get("callback_id") == FORM:
            return _filled(body, now)
    return None


def plain_words(text: str) -> str:
    """What the person typed: mentions of the bot gone, links as their label, Slack's escapes undone."""
    return html.unescape(_LINK.sub(r"\1", _MENTION.sub(" ", text))).strip()[:LONGEST]


def _event(body: Payload, now: datetime) -> Turn | None:
    event, kind = body["event"], body["event"].get("type")
    common: dict[str, Any] = {
        "platform": "slack",
        "tenant": workspace_of(body),
        "event_id": body["event_id"],
        "received_at": datetime.fromtimestamp(body["event_time"], UTC) if body.get("event_time") else now,
    }
    match kind:
        case "message" if event.get("channel_type") == "im":
            return _message(event, common, direct=True)
        case "app_mention":
            return _message(event, common, direct=False)
        case "app_home_opened":
            opened: Event = "home" if event.get("tab", "home") == "home" else "joined"
            user = event["user"]
            address = {"channel": event.get("channel") or user, "user": user}
            return Turn(**common, person=user, conversation=f"dm:{user}", kind="event", event=opened, address=address)
        case "app_uninstalled":
            return _removed(common)
        case "tokens_revoked" if event.get("tokens", {}).get("bot"):
            return _removed(common)
    return None


def workspace_of(body: Payload) -> str:
    """What the installation is kept under: the org for one that is org-wide, else the workspace."""
    authorized = (body.get("authorizations") or [{}])[0]
    if str(body.get("is_enterprise_install", authorized.get("is_enterprise_install", ""))).lower() == "true":
        org = body.get("enterprise_id") or authorized.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
        if org:
            return str(org)
    if "team_id" in body:
        return str(body["team_id"])
    return str((body.get("team") or {}).get("id") or body["user"]["team_id"])


def _removed(common: dict[str, Any]) -> Turn:
    return Turn(**common, person="workspace", conversation="workspace", kind="event", event="removed")


def _message(event: Payload, common: dict[str, Any], *, direct: bool) -> Turn | None:
    """A message to the bot; not one by a bot, not an edit or a deletion."""
    if event.get("bot_id") or event.get("subtype") not in _KEPT_SUBTYPES or not event.get("user"):
        return None
    channel, user = event["channel"], event["user"]
    thread = event.get("thread_ts") if direct else event.get("thread_ts") or event["ts"]
    address = {"channel": channel, "user": user, **({"thread": thread} if thread else {})}
    return Turn(
        **common,
        person=user,
        conversation=f"dm:{user}" if direct else channel,
        text=plain_words(event.get("text") or ""),
        direct=direct,
        semantic_key=f"message:{channel}:{event['ts']}",
        attachments=_photos(event),
        address=address,
        reach={"channel": channel, "user": user} if direct else None,
    )


def _tap(body: Payload, now: datetime) -> Turn | None:
    action = body["actions"][0]
    found = _VALUE.match(action.get("value") or "")
    user = body["user"]["id"]
    if not found:
        return None
    card, revision, option = found[1], int(found[2]), int(found[3])
    fields = _fields(body)
    tap = f"{action['action_ts']}:{action['action_id']}:{user}"
    container = body.get("container") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or user)
    on_message = container.get("type") == "message"
    public = on_message and not channel.startswith("D") and not container.get("is_ephemeral")
    return Turn(
        platform="slack",
        tenant=workspace_of(body),
        person=user,
        conversation=channel
        if on_message and not channel.startswith("D") and not container.get("is_ephemeral")
        else f"dm:{user}",
        event_id=f"tap:{tap}",
        received_at=now,
        kind="choice",
        choice=Choice(card, revision, option, fields),
        direct=not public,
        editable=on_message,
        semantic_key=f"tap:{card}:{revision}:{option}:{user}" if revision and not fields else None,
        address=_tap_address(body, container, channel, user),
    )


def _logged(body: Payload, now: datetime) -> Turn:
    """Somebody else's message, or one's own, logged by its shortcut; answered in the person's own chat."""
    user, message = body["user"]["id"], body["message"]
    return Turn(
        platform="slack",
        tenant=workspace_of(body),
        person=user,
        conversation=f"dm:{user}",
        event_id=f"shortcut:{body['action_ts']}:{user}",
        received_at=now,
        text=f"log {plain_words(message.get('text') or '')}".strip(),
        semantic_key=f"shortcut:{body['channel']['id']}:{message['ts']}:{user}",
        attachments=_photos(message),
        address={"channel": user, "user": user},
    )


def _filled(body: Payload, now: datetime) -> Turn:
    """A form that was sent from a dialog: the line that would have been typed. The dialog carries the line with its gaps."""
    user, view = body["user"]["id"], body["view"]
    fields = _fields(view)
    return Turn(
        platform="slack",
        tenant=workspace_of(body),
        person=user,
        conversation=f"dm:{user}",
        event_id=f"view:{view['id']}:{view.get('hash', '')}",
        received_at=now,
        text=re.sub(r"\{(\w+)\}", lambda gap: fields.get(gap[1], ""), str(view["private_metadata"]))[:LONGEST],
        semantic_key=f"view:{view['id']}",
        address={"channel": user, "user": user},
    )


def _photos(event: Payload) -> tuple[Attachment, ...]:
    """Images that came with a message. Other files are not for us."""
    images = [one for one in event.get("files") or () if str(one.get("mimetype", "")).startswith("image/")]
    urls = [one.get("url_private_download") or one.get("url_private") for one in images[:MOST_PHOTOS]]
    return tuple(Attachment(str(url), signed=True) for url in urls if url)


def _fields(body: Payload) -> dict[str, str]:
    """What was typed into the card's boxes; a box that was left empty has no value."""
    boxes = (body.get("state") or {}).get("values") or {}
    typed = {name: box.get("value") for group in boxes.values() for name, box in group.items()}
    return {name: plain_words(value) for name, value in typed.items() if isinstance(value, str)}


def _tap_address(body: Payload, container: Payload, channel: str, user: str) -> dict[str, Any]:
    address: dict[str, Any] = {"channel": channel, "user": user}
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    if thread:
        address["thread"] = thread
    if container.get("is_ephemeral") and body.get("response_url"):
        address |= {"response_url": body["response_url"], "ephemeral": True}
    return address


def _command(body: Payload, now: datetime) -> Turn:
    """A slash command: answered where it was typed, for that person's eyes only."""
    user, channel = body["user_id"], body["channel_id"]
    address = {"channel": channel, "user": user, "ephemeral": True}
    if body.get("response_url"):
        address["response_url"] = body["response_url"]
    return Turn(
        platform="slack",
        tenant=workspace_of(body),
        person=user,
        conversation=f"dm:{user}",
        event_id=f"command:{body['trigger_id']}",
        received_at=now,
        text=plain_words(body.get("text") or "") or "themes",
        address=address,
    )
