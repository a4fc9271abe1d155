"""Reads what admins and supervisors type about people and contracts: "make P27 a supervisor", "set adult age 16"."""

import re

ROLE = r"(operative|rlo|supervisor|trainer|admin)"
_CODE = r"[pP][ -]?(\d{1,9})"
_GIVE = re.compile(rf"(?i)^(?:make|grant|give|add) {_CODE} (?:to be |as )?(?:an? |the )?{ROLE}(?: role)?s?$")
_GIVE_BACKWARDS = re.compile(rf"(?i)^(?:grant|give|add) {ROLE} to {_CODE}$")
_TAKE = re.compile(rf"(?i)^(?:remove|revoke|take) {ROLE} (?:from|off) {_CODE}$")
_SET = re.compile(
    r"(?i)^set (?:the )?(landlord|emergency|safeguarding|adult age|complaint route)(?: lead)?(?: number| phone)?(?: to)? (.+)$"
)
_TEAM = re.compile(r"(?i)^team (\d{1,9})$")
SETTINGS = {
    "landlord": "landlord",
    "emergency": "emergency_phone",
    "safeguarding": "safeguarding_phone",
    "adult age": "adult_age",
    "complaint route": "complaint_route",
}


def read_office(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The verb and arguments of such a line, or None."""
    line = " ".join(text.split()).rstrip(".!")
    if found := _GIVE.match(line):
        return "role", (found[1], "give", found[2].lower())
    if found := _GIVE_BACKWARDS.match(line):
        return "role", (found[2], "give", found[1].lower())
    if found := _TAKE.match(line):
        return "role", (found[2], "take", found[1].lower())
    if found := _SET.match(line):
        return "set", (SETTINGS[found[1].lower()], found[2])
    if found := _TEAM.match(line):
        return "team", (found[1],)
    return None


def is_setting(text: str) -> bool:
    """Whether a line sets a contract's setting: its phone numbers are the firm's own and stay readable."""
    return bool(_SET.match(" ".join(text.split())))
