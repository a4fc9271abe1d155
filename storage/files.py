"""The file store: bytes by name, in a folder. Nothing else knows where files are."""

import os
import re
from pathlib import Path

from storage.errors import StorageDown

_NAME = re.compile(r"^[\w-]{4,64}$")


class FileStore:
    """Files in `folder`, spread over sub-folders by the first letters of their names. Blocking: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` whole or not at all; again under the same name replaces it. Raises StorageDown when the disk refuses."""
        path = self._path(name)
        half = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            half.write_bytes(data)
            half.replace(path)
        except OSError as error:
            raise StorageDown(f"files: {error.strerror}") from error

    def get(self, name: str) -> bytes | None:
        """What was kept under the name, or None."""
        path = self._path(name)
        return path.read_bytes() if path.is_file() else None

    def remove(self, name: str) -> None:
        """Take the file away, if it is there."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise ValueError(f"{name!r} is no name of a file")
        return self._folder / name[:2] / name
