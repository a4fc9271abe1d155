"""Finds what was learned from a pack, or learns it: the file beside the pack, else one in the data folder."""

import ctypes
import logging
import os
from contextlib import suppress
from pathlib import Path

from bot.engine import Engine
from bot.errors import NoEncoder, NoHead
from bot.understanding.encoder import Encoder
from bot.understanding.head import Head
from bot.understanding.learning import fingerprint, home_of, learn
from bot.understanding.reader import PlainReader
from bot.understanding.trained import TrainedReader
from content import Pack, load_pack

log = logging.getLogger("doorstep.learned")


def engine_of(folder: Path, encoder: Path | None, spare: Path, *, teach: bool = False) -> Engine:
    """The engine for a pack: with its learned file, or on plain search where there is none, which is said in the log.

    With `teach`, what is missing is learned first.

    Raises:
        PackError: the pack can't be used.
    """
    pack = load_pack(folder)
    head = head_of(pack, folder, encoder, spare, teach=teach)
    plain = PlainReader(pack)
    _give_back()
    return Engine(pack, TrainedReader(pack, head, plain) if head else plain.prepared(), head)


def _give_back() -> None:
    """Hand memory that loading used for a moment back to the system: with glibc 70 MB, which it would keep otherwise."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def head_of(pack: Pack, folder: Path, encoder: Path | None, spare: Path, *, teach: bool) -> Head | None:
    """The pack's head; None where there is no encoder, or nothing was learned and `teach` is off."""
    try:
        sense = Encoder(encoder)
    except NoEncoder as error:
        log.warning("reading by plain search: %s", error)
        return None
    wanted = fingerprint(pack)
    for path in places(folder, spare, wanted):
        try:
            return Head.load(path, sense, pack.wordlist, wanted)
        except NoHead:
            continue
    if not teach:
        log.warning("reading by plain search: nothing was learned from this pack yet. Run: doorstep content build")
        return None
    log.warning("learning from the pack's examples first, once: a minute or two")
    head = learn(pack, sense)
    keep(head, folder, spare)
    return head


def places(folder: Path, spare: Path, learned_from: str) -> tuple[Path, Path]:
    """Where a learned file may be: beside the pack, or in the data folder under its fingerprint."""
    return home_of(folder), spare / "readers" / f"{learned_from[:16]}.npz"


def keep(head: Head, folder: Path, spare: Path) -> Path:
    """Write the file beside the pack, or into the data folder where the pack's can't be written."""
    beside, other = places(folder, spare, head.learned_from)
    path = beside if os.access(folder, os.W_OK) else other
    head.save(path)
    return path
