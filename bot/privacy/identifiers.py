"""What has a fixed form: phone numbers, emails, dates of birth, NI and NHS numbers, bank details, and codes of doors and safes.

Public helplines stay readable. The forms of NI and NHS numbers and of bank details are those of gov.uk, nhs.uk and ISO 13616.
"""

import re
from collections.abc import Iterator

from bot.privacy.span import Span

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = (
    rf"(?:\d{{1,2}}[/.\- ]\d{{1,2}}[/.\- ]\d{{2,4}}|\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? \d{{4}})"
)
_BORN = r"(?:d\.?o\.?b\.?|date of birth|born(?: on)?|birthday(?: is)?)"
_HELPLINE = re.compile(r"\b(?:0800 ?111 ?999|0800 ?1111|0808 ?800 ?5000|0808 ?2000 ?247|08000 ?121 ?700|116 ?123)\b")

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
    ("bank details", re.compile(r"\bgb ?\d{2} ?[a-z]{4}(?: ?\d){14}\b", re.I)),
    ("bank details", re.compile(r"\b(?:\d{4}[ -]?){3}\d{3,4}\b(?! ?boiler)(?<!\d{17})")),
    ("bank details", re.compile(r"(?i)\b(?:sort(?: code)?|pay into|refund|bank details)\D{0,20}(\d\d[ -]\d\d[ -]\d\d(?: \d{8})?)\b")),
    ("bank details", re.compile(r"(?i)\b(?:account|acc|acct)(?: number| no\.?)?\W{0,3}(\d{8})\b")),
    ("bank details", re.compile(r"\b\d\d-\d\d-\d\d(?:\W{1,3}\d{8})?\b")),
    ("NI number", re.compile(r"\b[a-ceghj-prq-tw-z]{2} ?(?:\d{2} ?){3}[a-d]\b", re.I)),
    ("NHS number", re.compile(r"(?i)\bnhs\b[^\d\n]{0,15}(\d{3}[ -]?\d{3}[ -]?\d{4})\b")),
    ("date of birth", re.compile(rf"(?i)\b{_BORN}\b[^\w\n]{{0,3}}(?:is |was )?({_DATE})")),
    ("phone number", re.compile(r"(?<![\w£-])(?:\(0\d{2,5}\) ?\d(?:[ -]?\d){5,7}|(?:\+? ?44 ?\(?0?\)?|[0o])[1237](?:[ .-]?\d){8,9})(?!\d)", re.I)),
)  # fmt: skip

_KEYED = (
    r"(?:key ?safe|key ?box|keycode|lock ?box|padlock|keypad|intercom|pass ?code|combination|combo|fob|pin|"
    r"burglar alarm|alarm(?: code)?|door(?: code)?|communal door|gate(?: code)?|main gate|entry(?: code)?|"
    r"trades? button|safe code|code's|codes?)"
)
_DIGITS = r"(#?[a-z]?\d{3,8}[a-z#]?|\d(?: \d){3})"
_NOT_BETWEEN = (
    r"(?:(?!\b(?:fault|error|display|model|job|po|ref|practice|dress|postcode|qr|bar|bs|en|every|expires?|from|since|of|x|min|floor"
    r"|flats?|year old|seconds|£)\b|[.!?£\n]).)"
)
_CODES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?i)(?<!fault )(?<!error )\b{_KEYED}\b{_NOT_BETWEEN}{{0,28}}?(?<![\w£./-]){_DIGITS}(?![\w%/]| ?(?:seconds|mm|flats))"),
    re.compile(r"(?i)\bthe year (\d{4})\b"),
    re.compile(rf"(?i)\b(?:press|type|enter|dial|use)\b[a-z ]{{0,22}}?\b{_DIGITS}\b(?= (?:and hold|then|on the keypad|to get in))"),
    re.compile(rf"(?i)\bget in with {_DIGITS}"),
    re.compile(rf"(?i)(?<![\w£]){_DIGITS}\b(?= (?:opens|on the keypad|to get in|on the front door))"),
    re.compile(rf"(?i)\btrades? button{_NOT_BETWEEN}{{0,40}}?(?:its|it's|or) {_DIGITS}\b"),
)  # fmt: skip
_YEAR_CODE = re.compile(r"(?i)\bcode\b.{0,12}$")


def find(text: str) -> Iterator[Span]:
    """Every identifier and code in the text."""
    public = [match.span() for match in _HELPLINE.finditer(text)]
    for kind, form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span(1) if match.re.groups and match.group(1) else match.span()
            if not any(a < end and start < b for a, b in public):
                yield Span(start, end, kind)
    for number, form in enumerate(_CODES):
        for match in form.finditer(text):
            start, end = match.span(1)
            if number == 1 and not _YEAR_CODE.search(text[: match.start()]):
                continue
            if not any(a < end and start < b for a, b in public):
                yield Span(start, end, "code")
