"""Everything that `doorstep content check` looks for beyond the shape of a file.

Each check is a function from the pack and its files to faults; the list at the end is the order in which they run.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from content.example_checks import examples_tell_apart
from content.faults import Fault
from content.loader import SHIPPED, Reader, lend, read_pack
from content.located import Located
from content.pack import Pack, Part
from content.readability import reading_age
from content.release import LOCK, fingerprints

OLDEST_READER = 11.0
SAY_WORDS = 30
MORE_CARD = 900
HIDDEN = {
    "id",
    "version",
    "since",
    "source",
    "sources",
    "standard",
    "theme",
    "related",
    "words",
    "asks",
    "danger",
    "possible",
}
HIDDEN |= {"unless", "urgency", "unsure", "number", "sight", "earlier", "call"}

Check = Callable[[Pack, Reader, date], Iterable[Fault]]


def _items(reader: Reader) -> Iterator[Located]:
    for name, located in reader.files.items():
        if "/" in name and isinstance(located.data, dict):
            yield located


def duplicate_ids(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """Two files with one id, or an id that isn't its file's name."""
    seen: dict[str, str] = {}
    for located in _items(reader):
        identity = str(located.data.get("id", ""))
        if identity.upper() in seen:
            what = f"The id `{identity}` is already used by {seen[identity.upper()]}."
            yield located.fault(("id",), what, "give one of the two another id.")
        seen[identity.upper()] = located.file
        if identity and identity != Path(located.file).stem:
            yield located.fault(("id",), f"The id `{identity}` isn't the file's name.", f"rename the file to {identity}.yaml.")
    for name in ("themes.yaml", "sources.yaml"):
        listed = reader.files.get(name)
        items = listed.data if listed and isinstance(listed.data, list) else []
        ids = [item.get("id") for item in items if isinstance(item, dict)]
        for number, again in enumerate(ids):
            if listed and again in ids[:number]:
                yield listed.fault((number,), f"The id `{again}` is given twice.", "give each its own id.")


def unknown_references(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """A theme, standard or source that isn't in the pack."""
    known = {
        "theme": {theme.id for theme in pack.themes},
        "standard": {standard.id for standard in pack.standards},
        "related": {standard.id for standard in pack.standards},
        "source": set(pack.sources),
        "sources": set(pack.sources),
    }
    for located in _items(reader):
        for path, key, value in _leaves(located.data):
            if key in known and isinstance(value, str) and value not in known[key]:
                what = f"`{value}` is not a {'source' if 'source' in key else 'theme' if key == 'theme' else 'standard'} here."
                yield located.fault(path, what, f"use one of: {', '.join(sorted(known[key])[:8])} …")


def _leaves(data: Any, path: tuple[str | int, ...] = (), key: str = "") -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _leaves(value, (*path, name), name)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _leaves(value, (*path, number), key)
    else:
        yield path, key, data


def phone_card(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """Texts that fit a field but not a phone: a sentence too long to say, a card too long to read."""
    for located in _items(reader):
        say = str(located.data.get("say", ""))
        if len(say.split()) > SAY_WORDS:
            what = f"`say` takes longer than 12 seconds ({len(say.split())} words)."
            yield located.fault(("say",), what, f"cut it to {SAY_WORDS} words.")
        for card in (("do", "dont"), ("more",), ("points",)):
            total = sum(len(str(value)) for path, _, value in _leaves(located.data) if path and path[0] in card)
            if total > MORE_CARD:
                what = f"{' and '.join(card)} make a card of {total} characters; a phone shows {MORE_CARD}."
                yield located.fault((card[0],), what, f"cut {total - MORE_CARD} characters.")


def plain_english(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """A reading age above 11, measured over what a person sees of one file."""
    easy = frozenset(reader.table("easy-words.yaml").get("easy", [])) or easy_words()
    for located in _items(reader):
        seen = [str(value) for path, key, value in _leaves(located.data) if key not in HIDDEN and path[0] not in HIDDEN]
        age = reading_age([line for line in seen if isinstance(line, str)], easy)
        if age > OLDEST_READER:
            what = f"The reading age is {age:.1f}; {OLDEST_READER:.0f} is the most."
            yield located.fault((), what, "use shorter sentences and shorter words.")


def easy_words() -> frozenset[str]:
    """The trade's everyday words, from the shipped pack."""
    return frozenset(Reader(SHIPPED).table("easy-words.yaml").get("easy", []))


def sources_in_date(pack: Pack, reader: Reader, today: date) -> Iterator[Fault]:
    """A source past its review date: every fact that leans on it needs another look."""
    located = reader.files.get("sources.yaml")
    for number, source in enumerate(pack.sources.values()):
        if source.review < today and located:
            what = f"The review date of `{source.id}` has gone by ({source.review:%d %B %Y})."
            yield located.fault((number,), what, f"check it at {source.where}, then set `checked` and `review`.")


def unsure_shown_as_settled(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """Words from the register of unsure facts in a sentence that isn't marked as unsure."""
    register = reader.list_of(_Doubt, "unsure.yaml")
    for located in _items(reader):
        for path, key, value in _leaves(located.data):
            visible = (key not in HIDDEN and path[0] not in {"words", "asks"}) or key == "number" or path[0] == "sight"
            if not isinstance(value, str) or not visible or _marked(located.data, path):
                continue
            for doubt in register:
                if re.search(doubt.words, value, re.IGNORECASE):
                    what = f"An unsure fact is shown as settled ({doubt.why})."
                    yield located.fault(path, what, "make it a fact of its own with `unsure: true`, or leave it out.")


class _Doubt(Part):
    """One line of the register of unsure facts."""

    words: str
    why: str


def _marked(data: Any, path: tuple[str | int, ...]) -> bool:
    for step in path:
        data = data[step]
        if isinstance(data, dict) and data.get("unsure") is True:
            return True
    return False


def wording_matches_lock(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """A wording that changed without a new version, or an earlier wording that isn't what was released."""
    path = reader.folder / LOCK
    released: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    own = {located.data.get("id"): located for located in _items(reader)}
    for identity, versions in fingerprints(pack).items():
        if (file := own.get(identity)) is None:
            continue  # lent by the shipped pack, which has a lock of its own
        for version, fingerprint in versions.items():
            known = released.get(identity, {}).get(version)
            if known is None:
                what = f"Version {version} of {identity} has not been released."
                yield file.fault(("version",), what, "run `doorstep content release` when the wording is final.")
            elif known != fingerprint:
                what = f"The wording of {identity} {version} is not the one that was released."
                yield file.fault(("version",), what, "raise `version` and `since`, and put the old wording under `earlier`.")
        for version in released.get(identity, {}).keys() - versions.keys():
            what = f"Version {version} of {identity} was released and is gone."
            yield file.fault(("earlier",), what, "put its wording back under `earlier`, so that it stays readable.")


def dates_in_order(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """An earlier wording that isn't earlier."""
    for standard in pack.standards:
        for number, wording in enumerate(standard.earlier):
            if wording.since >= standard.since:
                located = reader.files[f"standards/{standard.id}.yaml"]
                what = f"The earlier version {wording.version} starts after the one of today."
                yield located.fault(("earlier", number, "since"), what, "set the day on which it came into use.")


def everything_used(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """Themes without standards, and word sets that a card names but nobody wrote."""
    for theme in pack.themes:
        if not pack.under(theme):
            yield Fault("themes.yaml", 1, f"The theme {theme.id} has no standard.", "add one, or remove the theme.")
    for located in _items(reader):
        for path, key, value in _leaves(located.data):
            if key not in {"danger", "possible", "unless"}:
                continue
            for name in re.findall(r"\[(\w+)\]", str(value)):
                if name not in pack.wordlist.sets:
                    yield located.fault(
                        path, f"There is no word set `{name}`.", "add it to words.yaml, or write the words out."
                    )


def checklists_tell_apart(pack: Pack, reader: Reader, _: date) -> Iterator[Fault]:
    """Two items of one list with the same id or short name: a typed answer could mean either."""
    for checklist in pack.checklists:
        located = reader.files.get(f"checklists/{checklist.id}.yaml")
        for key in ("id", "short"):
            names = [getattr(item, key) for item in checklist.items]
            for number, name in enumerate(names):
                if located and name in names[:number]:
                    yield located.fault(("items", number, key), f"Two items have the {key} `{name}`.", "give each its own.")


CHECKS: tuple[Check, ...] = (
    duplicate_ids,
    unknown_references,
    phone_card,
    plain_english,
    sources_in_date,
    unsure_shown_as_settled,
    wording_matches_lock,
    dates_in_order,
    everything_used,
    checklists_tell_apart,
    examples_tell_apart,
)


def check_pack(folder: Path, today: date) -> list[Fault]:
    """Every fault of the pack in `folder`, sorted by file and line; empty when it is fit to ship."""
    pack, reader = read_pack(folder)
    if pack is None:
        return sorted(reader.faults)
    if folder.resolve() != SHIPPED.resolve():
        shipped, _ = read_pack(SHIPPED)
        if shipped:
            pack = lend(pack, shipped)
    faults = [fault for check in CHECKS for fault in check(pack, reader, today)]
    return sorted(set(faults + reader.faults))
