"""Releases wordings: writes the hash of each version of each text into the pack's lock file.

From then on the check refuses a silent change: whoever edits a text raises its version and keeps the old wording under
`earlier`, word for word, so that "what did it say on 3 March" has a true answer.
"""

import json
from pathlib import Path

from content.faults import Fault, PackError
from content.loader import read_pack
from content.pack import Checklist, Entry, Pack, SafetyCard, Standard, StandardText

LOCK = "pack.lock"
_NOT_WORDING = frozenset(
    {"id", "theme", "related", "words", "trade", "asks", "earlier", "urgency", "names", "danger", "possible", "unless"}
)


def fingerprints(pack: Pack) -> dict[str, dict[str, str]]:
    """The hash of every wording by id and version: today's and the earlier ones."""
    found: dict[str, dict[str, str]] = {}
    parts: tuple[Standard | SafetyCard | Entry | Checklist, ...] = (
        *pack.standards,
        *pack.cards,
        *pack.entries,
        *pack.checklists,
    )
    for part in parts:
        found[part.id] = {part.version: part.fingerprint(leave_out=_NOT_WORDING)}
    for standard in pack.standards:
        for wording in standard.earlier:
            found[standard.id][wording.version] = _of(wording)
    return found


def _of(wording: StandardText) -> str:
    return wording.fingerprint(leave_out=_NOT_WORDING)


def release(folder: Path) -> list[str]:
    """Add every new version to the lock file; the names of what was added, such as `RR2 1.1`.

    Raises:
        PackError: the pack can't be read, or a version that was released before has other words now.
    """
    pack, reader = read_pack(folder)
    if pack is None or reader.faults:
        raise PackError(reader.faults)
    path = folder / LOCK
    released: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    added = []
    for identity, versions in fingerprints(pack).items():
        for version, fingerprint in versions.items():
            known = released.setdefault(identity, {}).setdefault(version, fingerprint)
            if known != fingerprint:
                what = f"{identity} {version} has other words than when it was released."
                raise PackError([Fault(LOCK, 1, what, "raise its version and keep the old words under `earlier`.")])
            if known is fingerprint:
                added.append(f"{identity} {version}")
    path.write_text(json.dumps(released, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return added
