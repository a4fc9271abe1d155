"""What can go wrong with storage.

StorageError
├── StorageDown     the database can't be reached or is locked for too long: try again later
└── SchemaOutdated  the tables are older or newer than this program: run `doorstep db upgrade`
"""


class StorageError(Exception):
    """Anything that storage could not do."""


class StorageDown(StorageError):
    """The database can't be reached, or stayed locked past its time-out."""


class SchemaOutdated(StorageError):
    """The tables do not match this program."""
