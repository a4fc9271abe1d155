"""Photos by the row; their bytes are in the file store, under the photo's id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

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


@dataclass(frozen=True)
class Shown:
    """A photo on an issue: who took it and when, and whether it shows the place after the work."""

    id: str
    person_id: int
    taken_at: datetime
    after: bool


def add(connection: Connection, place: Place, photo: PhotoRecord, now: datetime) -> None:
    """A photo that somebody sent."""
    row = {
        "tenant_id": place.tenant_id,
        "conversation_id": place.conversation_id,
        "person_id": place.person_id,
        "taken_at": now,
        "after": False,
        **vars(photo),
    }
    connection.execute(insert(photos), row)


def find(connection: Connection, tenant_id: int, photo_id: str) -> PhotoRecord | None:
    """The tenant's photo with this id."""
    mine = (photos.c.id == photo_id) & (photos.c.tenant_id == tenant_id)
    row = connection.execute(select(photos.c.id, photos.c.bytes, photos.c.width, photos.c.height).where(mine)).first()
    return PhotoRecord(*row) if row else None


def of_issue(connection: Connection, issue_id: int) -> list[Shown]:
    """The photos on an issue, oldest first."""
    wanted = select(photos.c.id, photos.c.person_id, photos.c.taken_at, photos.c.after).where(photos.c.issue_id == issue_id)
    return [Shown(*row) for row in connection.execute(wanted.order_by(photos.c.taken_at, photos.c.id))]


def mark(connection: Connection, issue_id: int, photo_id: str, *, after: bool) -> None:
    """Say whether a photo on the issue was taken before the work or after it."""
    connection.execute(update(photos).where(photos.c.id == photo_id, photos.c.issue_id == issue_id).values(after=after))
