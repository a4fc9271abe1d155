"""People's names: after a title, after words such as "spoke to", and first names that are known. Street names survive.

A name is left alone where it is part of an address: "Doreen Court", "Clement Attlee House", "St Margarets Road".
"""

import re
from collections.abc import Iterator

from bot.privacy.span import Span
from content import GuardWords

NEAR = 24
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLE = re.compile(
    r"(?i)\b(?:old )?(?:(?:mr|mrs|ms|mx|dr|rev|sir|dame)\b\.?|(?:miss|sister|father|auntie|aunty|uncle|nan)\b)"
    r"(?: (?:and|&) (?:mr|mrs|ms)\b\.?)?(?: [a-z]\.)* "
)
_SOFT = re.compile(r"(?i)(?:miss|sister|father|auntie|aunty|uncle|nan) $")
_SAID_OF = re.compile(
    r"(?i)\b(?:resident|tenant|complainant|neighbour|lady|gent|gentleman|daughter|son|wife|husband|carer|partner|law|occupier|by|from|"
    r"for|with|to|and|ring|rang|call|phone|text|email|ask|saw|visited|fella|bloke|chap|woman|man) $"
)
_AFTER = re.compile(
    r"(?i)^(?:'s)?(?: (?:at|in|from|upstairs|downstairs|next|says|said|signed|wants|asked|rang|told|took|reported|has|is|was|let|called|"
    r"gave|who|who's|no|number|flat|flats|\d)|[,.(]|$)"
)


class Names:
    """Finds names, by the words it was given."""

    def __init__(self, words: GuardWords) -> None:
        self._words = words
        cues = "|".join(re.escape(cue) for cue in sorted(words.cues, key=len, reverse=True))
        self._cue = re.compile(rf"(?i)\b(?:{cues}) (?:it (?:is )?)?")

    def find(self, text: str) -> Iterator[Span]:
        """Every name in the text."""
        for match in _TITLE.finditer(text):
            yield from self._after_title(text, match)
        for match in self._cue.finditer(text):
            yield from self._after_cue(text, match.end())
        yield from self._known(text)

    def _after_title(self, text: str, match: re.Match[str]) -> Iterator[Span]:
        words = _following(text, match.end())
        if not words or words[0].group().lower() in self._words.plain | {"or"}:
            return
        first = words[0].group()
        surely = first[0].isupper() or self._is_first_name(first) or "-" in first
        followed = match.group().lower().startswith("miss") and _AFTER.match(text[words[0].end() : words[0].end() + NEAR])
        if _SOFT.search(match.group()) and not surely and not followed:
            return
        end = words[0].end()
        for word in words[1:3]:
            if not word.group()[0].isupper() or word.group().lower() in self._words.plain:
                break
            end = word.end()
        if not self._is_place(text, match.start(), end):
            yield Span(match.start(), end, "name")

    def _after_cue(self, text: str, start: int) -> Iterator[Span]:
        words = _following(text, start)
        if not words:
            return
        first = words[0].group()
        known = first.lower() in self._words.names
        if first.lower() in self._words.plain or not (known or first[0].isupper()):
            return
        yield from self._whole(text, words)

    def _known(self, text: str) -> Iterator[Span]:
        """First names with a capital; other capitals where somebody is being spoken of; lower case where nothing else fits."""
        for match in _WORD.finditer(text):
            word, before = match.group(), text[max(0, match.start() - NEAR) : match.start()]
            if not word[0].isupper():
                if (
                    self._is_first_name(word)
                    and _SAID_OF.search(before)
                    and _AFTER.match(text[match.end() : match.end() + NEAR])
                ):
                    yield Span(match.start(), match.end(), "name")
                continue
            words = _following(text, match.start())
            known = word.lower() in self._words.names
            pair = len(words) > 1 and words[1].group()[0].isupper() and words[1].start() == match.end() + 1
            spoken_of = bool(_SAID_OF.search(before)) and (known or pair)
            if (known and (spoken_of or pair or _AFTER.match(text[match.end() : match.end() + NEAR]))) or (spoken_of and pair):
                yield from self._whole(text, words)

    def _whole(self, text: str, words: list[re.Match[str]]) -> Iterator[Span]:
        start, end = words[0].start(), words[0].end()
        for word in words[1:3]:
            if not word.group()[0].isupper() or word.start() != end + 1:
                break
            end = word.end()
        if not self._is_place(text, start, end):
            yield Span(start, end, "name")

    def _is_first_name(self, word: str) -> bool:
        """Known, and no word of the language."""
        return word.lower() in self._words.names and word.lower() not in self._words.also_words

    def _is_place(self, text: str, start: int, end: int) -> bool:
        """Whether the name is (part of) an address: a street word is in it or follows within two words."""
        inside = [match.group().lower() for match in _WORD.finditer(text, start, end)]
        after = [match.group().lower() for match in _following(text, end)[:3]]
        near = after[:1] + (after[1:3] if text[end : end + 1] == " " and _capitals(text, end) else [])
        before = text[max(0, start - NEAR) : start].rstrip().rsplit(" ", 1)[-1].lower()
        return bool(self._words.places & {*inside[1:], *near}) or before in ("st", "saint", "st.", "of")


def _following(text: str, start: int) -> list[re.Match[str]]:
    return [match for match, _ in zip(_WORD.finditer(text, start, start + 4 * NEAR), range(4), strict=False)]


def _capitals(text: str, end: int) -> bool:
    word = _WORD.search(text, end)
    return word is not None and word.group()[0].isupper()
