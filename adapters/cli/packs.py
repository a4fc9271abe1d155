"""The commands on a content pack."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from adapters.errors import SettingsError
from adapters.learned import engine_of, keep, places
from adapters.settings import load
from bot.errors import NoHead
from bot.understanding.encoder import Encoder
from bot.understanding.exam import OUTSIDE_REFUSED, RIGHT_FIRST, RIGHT_SHOWN, examine, read_items
from bot.understanding.head import about_file
from bot.understanding.learning import fingerprint, learn, rows_of
from content import SHIPPED, load_pack
from content.checks import check_pack
from content.release import release


def check(folder: Path | None) -> int:
    """Print every fault; exit code 1 when there is one."""
    faults = check_pack(folder or SHIPPED, datetime.now(UTC).date())
    for fault in faults:
        print(fault)
    print(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}." if faults else "The pack is in order.")
    return 1 if faults else 0


def build(folder: Path | None) -> int:
    """Learn from the pack's examples and keep what was learned. Raises PackError, NoEncoder."""
    settings = load()
    folder = folder or settings.doorstep_pack
    pack = load_pack(folder)
    wanted = fingerprint(pack)
    for path in places(folder, settings.doorstep_data, wanted):
        with suppress(NoHead):
            if about_file(path)["learned_from"] == wanted:
                print(f"Nothing to learn: {path} is up to date.")
                return 0
    print(f"Learning from {len(rows_of(pack))} lines …", flush=True)
    head = learn(pack, Encoder(settings.doorstep_encoder))
    path = keep(head, folder, settings.doorstep_data)
    print(f"Learned: {path} ({path.stat().st_size / 1e6:.1f} MB).")
    return 0


def test(file: Path, folder: Path | None) -> int:
    """Ask every question of a file and print the figures; exit code 1 when they fall short.

    Raises:
        SettingsError: the file can't be used.
    """
    settings = load()
    engine = engine_of(folder or settings.doorstep_pack, settings.doorstep_encoder, settings.doorstep_data, teach=True)
    try:
        result = examine(read_items(file, engine.pack), engine.reader)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    print(*result.lines(), sep="\n")
    print(
        "Passed."
        if result.passed()
        else f"Short of {RIGHT_FIRST} first, {RIGHT_SHOWN} shown, {OUTSIDE_REFUSED} refused outside."
    )
    return 0 if result.passed() else 1


def release_wordings(folder: Path | None) -> int:
    """Record the new wordings and print what was added."""
    added = release(folder or SHIPPED)
    print(f"Released {len(added)}: {', '.join(added)}." if added else "Nothing new to release.")
    return 0
