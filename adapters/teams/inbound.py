"""Reads Teams' activities as turns. What isn't for us is None.

A person is their Entra object id within the tenant: one person may have several 1:1 conversations, whose ids are never parsed
or made up, and the id that starts with `29:` belongs to this bot alone.
"""

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botbuilder.schema import Activity

from bot.turn import Attachment, Choice, Event, Turn

LONGEST = 4_000
MOST_PHOTOS = 5
_AT = re.compile(r"</?at[^>]*>")
_BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
_VALUE = re.compile(r"^([\w-]{1,24})\.(\d{1,9})\.(\d{1,2})$")
DOWNLOAD_INFO = "application/vnd.microsoft.teams.file.download.info"


@dataclass(frozen=True)
class Tap:
    """What a button of ours sends back: the opaque value and what was put into the card's boxes."""

    choice: Choice
    value: str

    @classmethod
    def read(cls, data: Any) -> "Tap | None":
        """The tap in a card's data; None when it isn't one of our cards."""
        found = _VALUE.match(str(data.get("doorstep") or "")) if isinstance(data, dict) else None
        if not found:
            return None
        fields = {name: text[:LONGEST] for name, text in data.items() if name.isidentifier() and isinstance(text, str)}
        fields = {
            name: text.strip() for name, text in fields.items() if name not in ("doorstep", "once", "msteams") and text.strip()
        }
        return cls(Choice(found[1], int(found[2]), int(found[3]), fields), found[0])


def message(activity: Activity, tenant: str) -> Turn | None:
    """The turn of a `message` activity: words, photos, or a tap on a card."""
    if activity.value is not None and not (activity.text or "").strip():
        tap = Tap.read(activity.value)
        return tapped(activity, tenant, tap) if tap else None
    text, photos = plain_words(activity), _photos(activity)
    words = _digest(activity.conversation.id, activity.from_property.id, text, *(photo.url for photo in photos))
    return Turn(
        **_common(activity, tenant),
        text=text,
        attachments=photos,
        semantic_key=f"said:{words}:{activity.timestamp.isoformat()}",
        echo_key=words,
    )


def tapped(activity: Activity, tenant: str, tap: Tap) -> Turn:
    """The turn of a tap, whether it came as a message or as an invoke."""
    choice, person = tap.choice, person_of(activity)
    typed = ":" + _digest(*(part for pair in sorted(choice.fields.items()) for part in pair)) if choice.fields else ""
    return Turn(
        **_common(activity, tenant),
        kind="choice",
        choice=choice,
        editable=True,
        semantic_key=f"tap:{tap.value}:{person}{typed}" if choice.revision else None,
    )


def event(activity: Activity, tenant: str, kind: Event) -> Turn | None:
    """The app came or went in somebody's own chat. In a group or channel it waits to be spoken to."""
    if activity.conversation.conversation_type not in (None, "personal"):
        return None
    return Turn(**_common(activity, tenant), kind="event", event=kind)


def plain_words(activity: Activity) -> str:
    """What the person typed: without the mention of the bot, without markup."""
    text = activity.text or ""
    bot = activity.recipient.id if activity.recipient else None
    for entity in activity.entities or ():
        said = entity.additional_properties or {}
        if entity.type == "mention" and (said.get("mentioned") or {}).get("id") == bot and said.get("text"):
            text = text.replace(str(said["text"]), " ")
    text = _AT.sub("", _BREAK.sub("\n", text))
    return html.unescape(text).replace("\xa0", " ").strip()[:LONGEST]


def person_of(activity: Activity) -> str:
    """The person's key within the tenant."""
    return str(activity.from_property.aad_object_id or activity.from_property.id)


def _common(activity: Activity, tenant: str) -> dict[str, Any]:
    person, conversation = person_of(activity), activity.conversation
    direct = conversation.conversation_type in (None, "personal")
    address = {
        "service_url": activity.service_url,
        "conversation": conversation.id,
        "user": activity.from_property.id,
        "bot": activity.recipient.id if activity.recipient else "",
        "tenant": tenant,
    }
    if activity.reply_to_id:
        address["card"] = activity.reply_to_id
    said_at: datetime = activity.timestamp
    return {
        "platform": "teams",
        "tenant": tenant,
        "person": person,
        "conversation": f"dm:{person}" if direct else conversation.id,
        "event_id": f"{_digest(conversation.id)}:{activity.id}"[:255],
        "received_at": said_at,
        "direct": direct,
        "address": address,
        "reach": {key: address[key] for key in ("service_url", "conversation", "user", "bot", "tenant")} if direct else None,
    }


def _photos(activity: Activity) -> tuple[Attachment, ...]:
    """Inline images, which want our token, and files that carry a link which wants none. The rest is not for us."""
    found = []
    for one in activity.attachments or ():
        kind, content = str(one.content_type or ""), one.content
        if kind.startswith("image/") and one.content_url:
            found.append(Attachment(str(one.content_url), signed=True))
        elif kind == DOWNLOAD_INFO and isinstance(content, Mapping) and content.get("downloadUrl"):
            found.append(Attachment(str(content["downloadUrl"]), signed=False))
    return tuple(found[:MOST_PHOTOS])


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
