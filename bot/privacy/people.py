"""What is said about people: health, special categories, labels, what may be abuse, and children's details.

A word such as "blind" or "dirty" counts only where a person or a home is being spoken of; "blinds" and "dirty water" stay. A
general question ("what if someone has dementia") is about the standard and stays whole.
"""

import re
from collections.abc import Iterator

from bot.privacy.span import Span
from content import GuardWords

_GENERAL = re.compile(
    r"(?i)^\W*(?:can|could|what|how|is|are|do|does|should|who|may|when|where|whats|standards?|any|rule|rules|tell me)\b"
)
_SPECIFIC = re.compile(
    r"(?i)\b(?:at|flat|number|no) ?\d|\b(?:she|he|they)(?:'?s|'?re| is| has| was)\b|\bmy (?:resident|tenant)|\bthis (?:lady|man)|\bi (?:saw|was)\b"
)
_NAMED = r"[A-Z][\w'’-]+(?:,? (?:and|&) [A-Z][\w'’-]+)?"
_CHILD = re.compile(
    rf"\b(?:[Dd]aughter|[Ss]on|[Ll]ad|[Bb]oy|[Gg]irl|[Bb]aby|[Tt]oddler|[Tt]wins|[Kk]ids?(?: are| is)?|[Cc]hild|[Gg]randson|[Gg]randdaughter)"
    rf"(?: of \d{{1,2}})?,? ({_NAMED}(?:,? \(?\d{{1,2}}\)?,?)?(?! (?:[a-z]+ )?(?:room|monitor|gate|shower)))"
)
_AGED = re.compile(
    r"\b((?:\w+ year old|\d{1,2}[ -]year[ -]old)(?:,)? (?:called )?[A-Z][\w'’-]+|[A-Z][\w'’-]+,? (?:who is |aged )\d{1,2})\b"
)
_ABUSE = (
    r"(?:(?:partner|husband|wife|boyfriend|girlfriend|ex|son|daughter|dad|mum|father|mother|carer|uncle|nephew|grandson|neighbour|man|"
    r"he|she|they)(?:'s)? (?:\w+ ){0,2}?(?:hits?|hitting|hit|beats?|punched|kicks?|kicked|strangled|touches|pushes|threatened to kill|"
    r"threatens|hurts|burns?|slaps?|slapped|rapes?|raped|steals?|takes|makes) (?:him|her|me|them|my|his|it|from|us|things|the kids|the children|she)\b"
    r"|(?:bruises?|burns?|cigarette burns|marks) on (?:\w+ ){0,3}?(?:arms?|legs?|face|neck|lad|back|baby|child|him|her)\w*"
    r"|black eye\b|(?:locked|kept|tied) (?:\w+ ){0,2}?(?:in|up|to|by)\b|wont let (?:me|her|him|them) (?:leave|out|go)"
    r"|(?:get away|hiding|fled|run|running) from (?:her|his|my|an?) (?:ex|husband|partner|wife|boyfriend|family)"
    r"|(?:doesnt|does not|dont|not been|hasnt been|never) (?:fed|feed|feeds)\b|(?:shaking|hitting|screaming at) (?:it|a baby|the baby|the child)"
    r"|taking (?:her|his|their) (?:pension|money|benefits|bank card|card)\b|takes (?:her|his|their) (?:pension|money|bank card)"
    r"|lots of men\b|working? (?:her|him )?for nothing|work for nothing|left on (?:its|their|his|her) own|no phone or passport"
    r"|(?:makes|making|made) (?:him|her) (?:sign|carry|work|beg)|steals from)"
)
_SAFEGUARDING = re.compile(rf"(?i)\b(?:his |her |the |a |my |old fella )?(?:\w+ )?(?P<deed>{_ABUSE})[^.;\n]{{0,60}}")
_PERSONAL_HIT = re.compile(r"(?i)\b(?:wind|door|ladder|pipe|thumb|traffic|head on|plant room|cat|cupboard)\b")


class People:
    """Finds what is said about people, by the words it was given."""

    def __init__(self, words: GuardWords) -> None:
        who, homes = _any(words.people), _any(words.homes)
        said = rf"(?:\b(?:{who}|flat \d+\w?|the)(?:'s|s)? (?:\w+ ){{0,2}}?|\b(?:has|had|with|suffers with|been|suffers from) )"
        self._sure = (
            ("health", re.compile(rf"(?i)\b(?:{_any(words.health)})\b")),
            ("private matter", re.compile(rf"(?i)\b(?:{_any(words.special)})\b")),
            ("label", re.compile(rf"(?i)\b(?:{_any(words.labels)})\b")),
        )
        health, nation, label = _any(words.health_maybe), _any(words.special_maybe), _any(words.labels_maybe)
        persons = rf"(?:{who}|people|wom[ae]n|m[ae]n|couple)"
        self._maybe = (
            ("health", re.compile(rf"(?i){said}(?:\w+ ){{0,2}}?\b({health})\b(?! (?:court|house|shop|oxygen|research))")),
            ("health", re.compile(rf"(?i)\b({health})\b (?:{who}|in the house|from the army)\b")),
            ("health", re.compile(r"(?i)\b(?:recovering from|diagnosed with|undergoing) ([\w ]{3,24})")),
            ("private matter", re.compile(rf"(?i)\b({nation})\b (?:\w+ )?(?:{persons})\b")),
            ("private matter", re.compile(rf"(?i)\b(?:she|he|they|theyre|they're|hes|he's|shes|she's|flat \d+\w?|tenant|resident)(?: is| are)? (?:an? )?({nation})\b(?! \w+(?:ing|ed)\b)")),
            ("private matter", re.compile(r"(?i)\b(?:owes|behind with|debts?) ((?:\w+ ){0,2}(?:rent|debts?|council tax|all over the table))")),
            ("label", re.compile(rf"(?i)\b({label})\b(?: \w+){{0,1}} (?:{homes}|{who}|lot|family|bathroom)\b")),
            ("label", re.compile(rf"(?i)\b(?:{who}|it?s the|flat|{homes})(?:'s|s)?(?: is| was)?(?: \w+){{0,2}}? ({label})\b(?! (?:water|paint|of|gutter|boots|course))")),
            ("label", re.compile(rf"(?i)^({label}) in there\b")),
        )  # fmt: skip

    def find(self, text: str) -> Iterator[Span]:
        """Everything that is said about a person, unless the text only asks about people in general."""
        if _GENERAL.match(text) and not _SPECIFIC.search(text):
            return
        for kind, form in self._sure:
            yield from (Span(*match.span(), kind) for match in form.finditer(text))
        for kind, form in self._maybe:
            yield from (Span(*match.span(1), kind) for match in form.finditer(text))
        for form in (_CHILD, _AGED):
            yield from (Span(*match.span(1), "child's details") for match in form.finditer(text))
        for match in _SAFEGUARDING.finditer(text):
            if not _PERSONAL_HIT.search(match["deed"]):
                yield Span(*match.span(), "safeguarding detail")


def _any(words: frozenset[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))
