"""Finds the place in a message: a flat or house number, a street, a block, a postcode. As typed, and no further than that."""

import re
from dataclasses import dataclass

_SUFFIX = (
    r"(?:court|crt|ct|house|hse|road|rd|street|st|close|cl|avenue|ave|lane|ln|drive|dr|way|walk|tower|towers|terrace|terr|gardens|gdns|"
    r"place|crescent|cres|square|mews|row|rise|hill|view|heights|point|lodge|grove|park|green|villas|buildings|mansions|wharf|quay|"
    r"estate|parade|vale|top|end|yard|croft|bank|mount)"
)
# What streets are called too, but so much else as well that a number has to stand before it.
_RARER = (
    r"(?:acres?|approach|broadway|brook|brow|causeway|chase|copse|cottages|dale|dene|fields?|fold|garth|grange|heath|hollow|hurst|"
    r"knoll|leas?|leys|maltings|mead|meadows?|mill|moor|orchard|paddocks?|parkway|ridge|ridings|shaw|spinney|woods?|wynd)"
)
_NOT_NAMES = (
    r"(?:car|bin|bike|play|drying|wont|cant|doesnt|dont|didnt|wouldnt|will|would|could|should|must|can|half|nearly|properly|at|in|on|from|for|to|of|and|is|was|the|a|an|her|his|my|our|their|this|that|with|has|no|not|flat|number|block|whole|by|up|"
    r"down|off|out|back|front|side|into|same|next|empty|void|wet|smashed|behind|near|outside|log|report|leak|damp|mould|per|said)"
)
_NAME = rf"(?!{_NOT_NAMES}\b)[A-Za-z][A-Za-z'’-]+"
_NUMBER = r"\d{1,4} ?[a-eA-E]?"
_UNIT = (
    r"(?:(?:flat|flt|apt|apartment|unit|plot|room|house|number|no\.?|num|property) ?\.?#?(?:\d{1,4} ?[a-eA-E]?|[A-Ha-h])|"
    r"(?:garage|bungalow|maisonette|studio|lock ?up) (?:number |no\.? ?)?\d{1,4})\b"
)
_CAPITAL = rf"(?!{_NOT_NAMES}\b)(?-i:[A-Z])[A-Za-z'’-]+"
_FIRST = (
    r"(?:st|saint|new|old|upper|lower|east|west|north|south|great|little|kings?|queens?|prince|princess|lord|lady|sir|royal)"
)
_SECOND = (
    r"(?:road|rd|street|st|close|avenue|ave|lane|drive|way|court|house|gardens|green|place|terrace|crescent|grove|square|walk)"
)
_STREET = rf"(?:the (?:{_SUFFIX}|{_RARER})|(?:{_NAME} ){{1,3}}?(?:{_SUFFIX}|{_RARER})(?: {_SECOND})?)\b"
# With no number before it nothing says where a name begins: as far as the capitals go, or one word.
_STREET_ALONE = rf"(?:the {_SUFFIX}|(?:(?:{_CAPITAL} ){{1,3}}|(?:{_FIRST} )?{_NAME} ){_SUFFIX}(?: {_SECOND})?)\b"
# A street of one word, told by how it ends: "14 beechwood", "17 newlands".
_ONE_WORD = (
    r"(?!(?:outside|inside|beside|alongside|roadside|plywood|hardwood|softwood|driftwood|overview|interview|preview|review)\b)"
    r"[A-Za-z]{3,}(?:wood|bank|lands|fields?|croft|dale|hurst|brook|mead|acres?|stead|thwaite|garth|dene|combe|holme|moor|bury|view|side)\b"
)
_HOURLY = re.compile(  # what is said or done at an hour rather than at a house
    r"(?i)\b(?:rang|rung|phoned|spoke|informed|told|texted|emailed|dsl|lead)\b[^.,;]{0,40}\bat $|"
    r"\b(?:start|started|starts|starting|finish|finished|begin|began|arrive|arrived|arriving|due|booked|meet|meeting|appointment|"
    r"(?:kick|kicked|knock|knocked) off|turn(?:ed|ing)? up|(?:came|come|coming) (?:back )?|here)\b[^.,;]{0,12} ?\bat $"
)
_RIGHT_ONE = re.compile(
    r"\b(?:should be|meant to be|supposed to be|is actually|its actually|it's actually|really) (.+)", re.IGNORECASE
)
_BLOCK = r"\bblock [a-hA-H0-9]{1,2}\b"
_AFTER_NUMBER = (
    r"(?! ?(?:am|pm|[.:]\d|%|mins?|minutes?|hours?|hrs?|days?|weeks?|months?|years?|times?|visits?|quid|pounds?|"
    r"(?:bed)?rooms?\b|flats\b|places\b|spots\b|walls\b|windows\b|doors\b|floors\b|blocks\b|homes\b|units\b|corners\b|kids?|people|m\b|mm|cm|ft|inch|litres?|degrees|man|oclock|o'clock|bags?|lads|of|past|to|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|st\b|nd\b|rd\b|th\b))"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_UNIT}(?:,? (?:at |in |of )?)(?:{_NUMBER} )?{_STREET}",
        rf"\b{_STREET_ALONE},? {_UNIT}",
        rf"\b{_NUMBER},? {_STREET}",
        rf"\b{_UNIT}(?:,? (?:at |in |of |on )?{_BLOCK})?",
        rf"{_BLOCK},? (?:flat )?{_NUMBER}\b",
        rf"\b(?:at|in|from|outside|next to|over at) ({_NUMBER})\b{_AFTER_NUMBER}",
        rf"\b(?:no (?:access|answer|reply)|nobody in|no one in|carded|tried) ({_NUMBER})\b{_AFTER_NUMBER}",
        r"\b(\d{1,4}[a-eA-E])\b",
        rf"{_BLOCK},? {_STREET_ALONE}",
        rf"\b{_STREET_ALONE}(?:,? {_BLOCK})?",
        _BLOCK,
        rf"\b\d{{1,4}}[a-eA-E]? {_ONE_WORD}",
        r"(?-i:\b\d{1,4}[a-eA-E]? [A-Z][a-z]+\b)",
        rf"^(?:log |report |visit |)({_NUMBER})\b{_AFTER_NUMBER}",
    )
)
HOURS = 12
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b", re.IGNORECASE)
_ROOM = re.compile(
    r"(?i)\b((?:back|front|main|kids?'?|spare|box|small|big|second|master|top|upstairs|downstairs) )?"
    r"(bedroom|bathroom|kitchen|lounge|living room|front room|hallway|hall|landing|loft|toilet|wet room|shower room|nursery|"
    r"stairwell|lobby|balcony|garden|airing cupboard|cupboard|cellar|porch|garage|bin store|lift|roof)\b"
)


@dataclass(frozen=True)
class Where:
    """A place as it was typed: an address or part of one, a postcode, a room; each may be missing."""

    place: str | None = None
    postcode: str | None = None
    room: str | None = None


def where(text: str) -> Where:
    """The place that a message names."""
    found = _POSTCODE.search(text)
    postcode = f"{found[1]} {found[2]}".upper() if found else None
    rest = text[: found.start()] + " , " + text[found.end() :] if found else text
    room = _ROOM.search(rest)
    put_right = _RIGHT_ONE.search(rest)
    place = (_place(put_right[1]) if put_right else None) or _place(rest)
    return Where(place, postcode, " ".join(room.group().lower().split()) if room else None)


def _place(text: str) -> str | None:
    for form in _FORMS:
        match = form.search(text)
        if match and not (match.re.groups and _is_hour(text, match)):
            typed = match[1] if match.re.groups and match[1] else match.group()
            return " ".join(typed.split()).strip(" ,.")
    return None


def _is_hour(text: str, match: re.Match[str]) -> bool:
    """Whether the number after "at" is rather the hour of a call: "rang the safeguarding lead at 4"."""
    return match[1].strip().isdigit() and int(match[1]) <= HOURS and bool(_HOURLY.search(text[: match.start(1)]))


def keys(place: str | None) -> tuple[str | None, str | None]:
    """A place made comparable: its unit (`flat 12` and `12` alike) and the street or block without it."""
    if not place:
        return None, None
    plain = " ".join(re.findall(r"[a-z0-9]+", place.lower()))
    units = re.findall(r"\b\d{1,4} ?[a-e]?\b", plain)
    rest = re.sub(r"\b(?:flat|flt|apt|apartment|unit|plot|room|number|no|num|property|at|in|of|on)\b", " ", plain)
    for unit in units:
        rest = rest.replace(unit, " ", 1)
    for short, long in (
        ("crt", "court"),
        ("ct", "court"),
        ("rd", "road"),
        ("st", "street"),
        ("ave", "avenue"),
        ("hse", "house"),
    ):
        rest = re.sub(rf"\b{short}$", long, rest.strip())
    return " ".join(unit.replace(" ", "") for unit in units)[:24] or None, " ".join(rest.split())[:100] or None
