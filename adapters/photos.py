"""Brings in photos: fetched from the platform at once, made anew without place, time or camera, and kept in the file store.

Making a photo anew also makes sure that it is one: what can't be read as a JPEG, PNG, GIF, WebP or
HEIC is not kept.
"""

import asyncio
import base64
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import aiohttp

from adapters.charts import draw
from adapters.errors import DeliveryError, NotSent, Unreachable
from adapters.platform import NO_PICTURES, Pictures
from bot.reply import Block, Card
from bot.turn import Attachment, Turn
from storage.files import FileStore
from storage.photos import PhotoRecord

log = logging.getLogger("doorstep.photos")

KINDS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF")
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_048
QUALITY = 82
SMALL = 480
THUMBNAILS = 15_000  # bytes over all pictures of a card: Teams takes 25 KB of card, and base64 adds a third
SHARPNESS = ((SMALL, 70), (SMALL, 55), (SMALL, 40), (360, 40), (280, 35), (200, 30), (120, 25))


LARGEST = 10 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=12, connect=4)


async def download(session: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> bytes:
    """A photo's bytes, 10 MB at most, read as they come. Never follows a redirect: a token must not go along.

    Raises:
        NotSent: it may be had later.
        Unreachable: asking again is no use.
    """
    try:
        async with session.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False) as answer:
            if answer.status >= 500 or answer.status == 429:
                raise NotSent(f"photo: {answer.status}")
            if answer.status != 200:
                raise Unreachable(f"photo: {answer.status}")
            data = bytearray()
            async for piece in answer.content.iter_chunked(64 * 1024):
                data += piece
                if len(data) > LARGEST:
                    raise Unreachable("a photo over 10 MB")
            return bytes(data)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotSent(f"photo: {type(error).__name__}") from error


class PhotoSource(Protocol):
    """A platform that people send photos on."""

    async def fetch(self, attachment: Attachment, tenant: str) -> bytes:
        """The photo's bytes, 10 MB at most. Raises DeliveryError."""
        ...


@dataclass(frozen=True)
class Developed:
    """A photo made anew: a JPEG."""

    data: bytes
    width: int
    height: int


class Photos:
    """Fetches, makes anew, keeps."""

    def __init__(self, files: FileStore, new_id: Callable[[], str]) -> None:
        self.sources: dict[str, PhotoSource] = {}
        self.files = files
        self._new_id = new_id

    async def bring_in(self, turn: Turn) -> tuple[Turn, list[PhotoRecord]]:
        """The turn with its photos kept, and their records. What can't be had is counted in `lost`.

        Raises:
            StorageDown: the file store refuses.
        """
        source = self.sources.get(turn.platform)
        found = [await self._one(source, one, turn.tenant) for one in turn.attachments] if source else []
        records = [record for record in found if record]
        lost = len(turn.attachments) - len(records)
        kept = replace(turn, attachments=(), photos=tuple(record.id for record in records), lost=lost)
        return kept, records

    async def shown_on(self, content: dict[str, Any]) -> Pictures:
        """The pictures of a card on its way out: photos as they are kept, charts as they are drawn now."""
        if all(kind not in ("photo", "chart") for kind, _, _ in content["blocks"]):
            return NO_PICTURES
        blocks = [block for block in Card.from_json(content).blocks if block.picture]
        found = await asyncio.to_thread(lambda: {block.picture: self._picture(block) for block in blocks})
        return {name: data for name, data in found.items() if name and data}

    def _picture(self, block: Block) -> bytes | None:
        return draw(block.items) if block.kind == "chart" else self.files.get(block.items[0])

    def remove(self, ids: list[str]) -> None:
        """Take the bytes of photos away. Blocking: call it in a thread."""
        for identity in ids:
            self.files.remove(identity)

    async def _one(self, source: PhotoSource, attachment: Attachment, tenant: str) -> PhotoRecord | None:
        try:
            data = await source.fetch(attachment, tenant)
            photo = await asyncio.to_thread(develop, data)
        except (DeliveryError, ValueError) as error:
            log.warning("a photo could not be brought in: %s", error)
            return None
        identity = self._new_id()
        await asyncio.to_thread(self.files.put, identity, photo.data)
        return PhotoRecord(identity, len(photo.data), photo.width, photo.height)


async def thumbnails(pictures: Pictures) -> Pictures:
    """Each picture small enough that all of them fit into one card."""
    if not pictures:
        return pictures
    most = THUMBNAILS // len(pictures)
    return await asyncio.to_thread(lambda: {identity: shrink(data, most) for identity, data in pictures.items()})


def shrink(data: bytes, most: int) -> bytes:
    """A kept photo in at most `most` bytes: as sharp as that allows. A chart that is no larger stays as it was drawn."""
    from PIL import Image  # noqa: PLC0415

    if kind_of(data) == "png" and len(data) <= most:
        return data
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
        opened.draft("RGB", (SMALL, SMALL))
        image = opened.convert("RGB")
    for side, quality in SHARPNESS:
        image.thumbnail((side, side))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most:
            break
    return out.getvalue()


def as_data_url(picture: bytes) -> str:
    """A picture inside the address that shows it, so that there is no other address to leak."""
    return f"data:image/{kind_of(picture)};base64,{base64.b64encode(picture).decode()}"


def kind_of(picture: bytes) -> str:
    """What its bytes are: `jpeg` or `png`."""
    return "png" if picture.startswith(b"\x89PNG") else "jpeg"


def develop(data: bytes) -> Developed:
    """A photo made anew, upright, 2,048 pixels on its longer side at most.

    Raises:
        ValueError: no photo, or one too large to open safely.
    """
    import pillow_heif  # noqa: PLC0415  # loaded with the first photo, and not at every start
    from PIL import Image, ImageOps  # noqa: PLC0415

    pillow_heif.register_heif_opener()  # what many phones send
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not a photo that can be read") from error
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Developed(out.getvalue(), image.width, image.height)
