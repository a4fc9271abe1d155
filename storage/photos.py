"""Photos by the row; their bytes are in the file store, under the photo's id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.people import Place
from storage.tables import Photo, table

photos = table(Photo)


@dataclass(frozen=True)
class PhotoRecord:
    """A kept photo: a JPEG of so many bytes and pixels."""

    id: str
    bytes: int
    width: int
    height: int


def add(connection: Connection, place: Place, photo: PhotoRecord, now: datetime) -> None:
    """A photo that somebody sent."""
    row = {
        "tenant_id": place.tenant_id,
        "conversation_id": place.conversation_id,
        "person_id": place.person_id,
        "taken_at": now,
        **vars(photo),
    }
    connection.execute(insert(photos), row)


def find(connection: Connection, tenant_id: int, photo_id: str) -> PhotoRecord | None:
    """The tenant's photo with this id."""
    mine = (photos.c.id == photo_id) & (photos.c.tenant_id == tenant_id)
    row = connection.execute(select(photos.c.id, photos.c.bytes, photos.c.width, photos.c.height).where(mine)).first()
    return PhotoRecord(*row) if row else None
