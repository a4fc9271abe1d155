"""Puts photos into a Slack chat: asks for an upload address, sends the bytes, and shares them under their captions.

Steps as in docs.slack.dev/messaging/working-with-files. They follow the card that names them, and none of them is worth
losing that card for: what Slack refuses is a line in the log, and asking for the photos again shows them.
"""

import asyncio
import logging
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.photos import kind_of
from adapters.platform import Pictures
from bot.reply import Card

log = logging.getLogger("doorstep.slack")
ALT_TEXT = 1_000
TIMEOUT = aiohttp.ClientTimeout(total=8, connect=4)
SECONDS = 10  # for all of it: the card's lease runs meanwhile


async def share(
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    hosts: frozenset[str],
    address: dict[str, str],
    shown: tuple[Card, Pictures],
) -> None:
    """Share the pictures of a card in the chat at `address`. Bytes go to `hosts` only."""
    card, pictures = shown
    captions = {block.picture: block.text for block in card.blocks if block.picture}
    files = []
    try:
        async with asyncio.timeout(SECONDS):
            for identity, data in pictures.items():
                caption = captions[identity]
                place = {"filename": f"picture.{kind_of(data)}", "length": str(len(data)), "alt_txt": caption[:ALT_TEXT]}
                answer = await client.api_call("files.getUploadURLExternal", data=place)
                link = str(answer["upload_url"])
                if urlsplit(link).netloc not in hosts:
                    log.warning("a photo was not shown: its upload address isn't Slack's")
                    return
                async with session.post(link, data=data, timeout=TIMEOUT, allow_redirects=False) as sent:
                    sent.raise_for_status()
                files.append({"id": answer["file_id"], "title": caption})
            if files:
                await client.api_call("files.completeUploadExternal", json={"files": files, **address})
    except SlackApiError as error:
        log.warning("photos were not shown: %s", " ".join(str(error).split())[:200])
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("photos were not shown: %s", type(error).__name__)
