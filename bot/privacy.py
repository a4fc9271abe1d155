"""Takes out what must never be stored, before anything is written or logged.

Fixed patterns for what has a fixed form: phone numbers, emails, National Insurance and NHS numbers, bank cards and sort codes,
dates of birth, codes of key safes, alarms and doors, and a name after a title. The rest of the message stays as it was.
"""

import re

_CODE_WORDS = r"(?:key ?safes?|keysafe|key box|alarm|door|entry|gate|pin|fob|access|safe)"
_DATE = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}(?:st|nd|rd|th)? \w+ \d{4})"
_IS = r"\W{0,3}(?:is|its|it's|=|:|for the \w+ is)?\W{0,3}"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("card number", re.compile(r"\b(?:\d[ -]?){15,16}\b")),
    ("bank details", re.compile(r"\b\d{2}-\d{2}-\d{2}\b(?:\W{1,12}\d{8}\b)?")),
    ("NI number", re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?(?:\d{2} ?){3}[A-D]\b", re.IGNORECASE)),
    ("NHS number", re.compile(r"(?i)\bNHS\b[^\d\n]{0,15}\d{3}[ -]?\d{3}[ -]?\d{4}\b|\b\d{3} \d{3} \d{4}\b")),
    ("phone number", re.compile(r"(?<![\w-])(?:\+44 ?\(?0?\)?|0)(?:[127-9](?:[ -]?\d){8,9})\b")),
    ("date of birth", re.compile(rf"(?i)\b(?:dob|d\.o\.b\.?|born(?: on)?|date of birth)\W{{0,3}}{_DATE}")),
    ("code", re.compile(rf"(?i)\b({_CODE_WORDS}(?: ?(?:code|number|no|pin))?{_IS})((?:c|x)?\d{{3,8}}[a-z]?)\b")),
    ("code", re.compile(rf"(?i)\b(code{_IS})(\d{{3,8}}[a-z]?)\b")),
    ("name", re.compile(r"\b((?:[Mm]rs|[Mm]r|[Mm]s|[Mm]iss|[Dd]r|MR|MRS|MS|MISS)\.? )([A-Z][\w'-]+(?: [A-Z][\w'-]+)?)")),
)
_SAFE_NUMBERS = re.compile(r"\b(?:0800 ?111 ?999|0808 ?800 ?5000|0808 ?2000 ?247|08000 ?121 ?700)\b")


def redact(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with private parts replaced by `[phone number]` and the like, and the kinds that were taken out.

    Public helplines stay readable.
    """
    kept = [match.span() for match in _SAFE_NUMBERS.finditer(text)]
    if kept:
        start, end = kept[0]
        before, found_before = redact(text[:start])
        after, found_after = redact(text[end:])
        return before + text[start:end] + after, tuple(dict.fromkeys(found_before + found_after))
    kinds: list[str] = []
    for kind, pattern in _PATTERNS:
        text, times = pattern.subn(lambda match, kind=kind: _mark(match, kind), text)  # type: ignore[misc]
        if times and kind not in kinds:
            kinds.append(kind)
    return text, tuple(kinds)


def _mark(match: re.Match[str], kind: str) -> str:
    return f"{match.group(1) if match.re.groups else ''}[{kind}]"
