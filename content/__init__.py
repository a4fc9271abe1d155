"""The pack: every word the bot can say, and the code that loads and checks it.

A pack is a folder of small YAML files that a content author can edit without touching code. This package turns such a
folder into one frozen `Pack`, or into a list of faults that name file, line and fix. It knows nothing of the rest of Doorstep.
"""

from content.faults import Fault, PackError
from content.guard_words import GuardWords, guard_words
from content.loader import SHIPPED, load_pack
from content.pack import (
    Call,
    Category,
    Checklist,
    Clock,
    Entry,
    Fact,
    Item,
    Language,
    Pack,
    SafetyCard,
    Source,
    Standard,
    StandardText,
    Theme,
)

__all__ = [
    "SHIPPED",
    "Call",
    "Category",
    "Checklist",
    "Clock",
    "Entry",
    "Fact",
    "Fault",
    "GuardWords",
    "Item",
    "Language",
    "Pack",
    "PackError",
    "SafetyCard",
    "Source",
    "Standard",
    "StandardText",
    "Theme",
    "guard_words",
    "load_pack",
]
