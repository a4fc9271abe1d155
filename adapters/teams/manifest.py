"""The app package for Teams: its manifest and two icons. Schema: developer.microsoft.com/json-schemas/teams, v1.19."""

import io
import json
import zipfile
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, ImageDraw

VERSION = "1.19"
GREEN, WHITE = "#14532d", "#ffffff"
COMMANDS = (
    ("themes", "Browse the standards"),
    ("shoe covers", "Ask in your own words"),
    ("emergency numbers", "Who to ring"),
    ("help", "What you can type"),
)


def manifest(url: str, app_id: str) -> dict[str, Any]:
    """The manifest of the bot with this id, for a server at `url`."""
    site = url.rstrip("/")
    commands = [{"title": title, "description": description} for title, description in COMMANDS]
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        "version": "1.0.0",
        "id": app_id,
        "developer": {"name": "Doorstep", "websiteUrl": site, "privacyUrl": site, "termsOfUseUrl": site},
        "name": {"short": "Doorstep", "full": "Doorstep: standards for working in people's homes"},
        "description": {
            "short": "Standards for working in people's homes, before you knock",
            "full": "Ask what the standard says, in your own words, and get it quoted. A danger gets its safety card first.",
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": GREEN,
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "supportsFiles": True,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": ["personal"], "commands": commands}],
            }
        ],
        "validDomains": [urlsplit(site).hostname or ""],
    }


def package(url: str, app_id: str) -> bytes:
    """The zip file to upload in Teams' admin centre."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest(url, app_id), indent=2))
        archive.writestr("color.png", _icon(192, GREEN))
        archive.writestr("outline.png", _icon(32, None))
    return out.getvalue()


def _icon(side: int, ground: str | None) -> bytes:
    """A door ajar: white on the ground, or white on nothing, as Teams wants the small one."""
    image = Image.new("RGBA", (side, side), ground or (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    unit = side / 16
    draw.rectangle((4 * unit, 2 * unit, 12 * unit - 1, 14 * unit - 1), outline=WHITE, width=max(1, round(unit)))
    draw.polygon([(5 * unit, 3 * unit), (10 * unit, 4.5 * unit), (10 * unit, 14 * unit), (5 * unit, 14 * unit)], fill=WHITE)
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()
