"""What the guard's finders hand over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A part of a message that must not be kept: from `start` to `end`, and what it is, in words the person is shown."""

    start: int
    end: int
    kind: str
