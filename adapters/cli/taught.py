"""`doorstep export taught`: what trainers taught, as lines for a pack's examples."""

from collections.abc import Iterable
from pathlib import Path

from adapters.cli.database import opened
from adapters.errors import SettingsError
from bot.understanding.learning import NOT_COVERED
from bot.understanding.words import key_of
from storage import questions, roster, taught
from storage.store import Connection

HAND = "taught"


def export_taught(tenant: str, folder: Path | None) -> int:
    """Print them as `LABEL<TAB>text`, or add them to the pack in `folder`; the same line is never added twice.

    Raises:
        SettingsError: there is no such tenant, or no such pack or standard in it.
    """
    with opened() as store:
        lines = store.transact(lambda connection: _lines(connection, tenant))
    if folder is None:
        print(*(f"{name}\t{text}" for name, text in lines), sep="\n")
        return 0
    added = sum(_add(folder, name, [text for label, text in lines if label == name]) for name in {name for name, _ in lines})
    print(f"{added} lines added. Look at them, then: doorstep content check {folder} && doorstep content build {folder}")
    return 0


def _lines(connection: Connection, tenant: str) -> list[tuple[str, str]]:
    """Each in the words of whoever asked last, as they were kept; in the key's words where the question is gone."""
    found = next((one for one in roster.every_tenant(connection) if f"{one.platform}:{one.external_id}" == tenant), None)
    if found is None:
        raise SettingsError(f"there is no tenant {tenant}")
    asked: dict[str, str] = {}
    for text in questions.texts(connection, found.id):
        asked.setdefault(key_of(text), " ".join(text.split()))
    return [(standard or NOT_COVERED, asked.get(key, key)) for key, standard in taught.every(connection, found.id)]


def _add(folder: Path, name: str, lines: Iterable[str]) -> int:
    """Add lines that aren't there yet to a label's file."""
    examples = folder / "examples"
    file = examples / "not-covered.txt" if name == NOT_COVERED else examples / "standards" / f"{name}.txt"
    if not file.exists():
        raise SettingsError(f"{file} isn't there: is {folder} the pack they were taught on?")
    text = file.read_text(encoding="utf-8")
    known = set(text.splitlines())
    fresh = [line for line in lines if line not in known and not line.startswith("#")]
    if fresh:
        heading = "" if f"# {HAND}" in known and text.rstrip().splitlines()[-1] in _of_hand(text) else f"\n# {HAND}\n"
        file.write_text(text.rstrip("\n") + "\n" + heading + "\n".join(fresh) + "\n", encoding="utf-8")
    return len(fresh)


def _of_hand(text: str) -> list[str]:
    """The lines under the last heading, when it is this hand's."""
    heading, _, lines = text.rpartition("\n# ")
    return lines.splitlines()[1:] if heading and lines.startswith(HAND) else []
