"""The commands on a content pack."""

from datetime import UTC, datetime
from pathlib import Path

from content import SHIPPED
from content.checks import check_pack
from content.release import release


def check(folder: Path | None) -> int:
    """Print every fault; exit code 1 when there is one."""
    faults = check_pack(folder or SHIPPED, datetime.now(UTC).date())
    for fault in faults:
        print(fault)
    print(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}." if faults else "The pack is in order.")
    return 1 if faults else 0


def release_wordings(folder: Path | None) -> int:
    """Record the new wordings and print what was added."""
    added = release(folder or SHIPPED)
    print(f"Released {len(added)}: {', '.join(added)}." if added else "Nothing new to release.")
    return 0
