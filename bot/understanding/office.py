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
_NUDGE = re.compile(rf"(?i)^(?:ask|nudge) {_CODE} (?:for|to do) an? (?:visit )?check(?: (?:at|for) (.+))?$")
_TEAM = re.compile(r"(?i)^team (\d{1,9})$")
_TIME = r"(\d{1,2}(?:[:.]\d\d)?)"
_TIMES = re.compile(rf"(?i)^set (quiet|working) hours (?:to |from )*{_TIME} (?:to|until|-) {_TIME}$")
_SUMMARY = re.compile(rf"(?i)^set summary(?: time| times| at)?(?: to)? {_TIME}(?:(?:,| and)+ {_TIME})?$")
_CHANNEL = re.compile(r"(?i)^set summary channel(?: to)? (\S+)$")
_HOLIDAY = re.compile(r"(?i)^set (holiday|working day) (.+)$")
_PRIORITY = re.compile(r"(?i)^set (p[1-9])(?: to)? (\d{1,3}) (hours?|working days?|days?)$")
_KEEP = re.compile(r"(?i)^(?:set )?keep (questions|photos)(?: for)? (\d{1,4}) days?$")
_RIGHT = re.compile(r"(?i)^set right to repair(?: to)? (on|off|yes|no)$")
_CAMPAIGN = re.compile(r"(?i)^(start|begin|resume|restart|stop|pause|end) (?:the )?(?:campaign )?(.+?)(?: campaign)?$")
_EFFECT = re.compile(r"(?i)^(?:effect (?:of )?(?:tip )?|did tip )(\d{1,9})(?: (?:work|help|land|change anything))?$")
_CANCEL_TIP = re.compile(r"(?i)^(?:cancel|stop|end|pause|don't send) (?:the )?tip (\d{1,9})$")
_WHO_GOT = re.compile(r"(?i)^(?:who (?:got|has|had|answered|missed)|chase) tip (\d{1,9})$")
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
    if longer := _setting(line):
        return "set", longer
    if found := _SET.match(line):
        return "set", (SETTINGS[found[1].lower()], found[2])
    if found := _NUDGE.match(line):
        return "nudge", (f"P{found[1]}", *(found[2] or "").split())
    if found := _TEAM.match(line):
        return "team", (found[1],)
    return _trainers(line)


def _trainers(line: str) -> tuple[str, tuple[str, ...]] | None:
    """What trainers type of campaigns and of who got a tip."""
    if found := _EFFECT.match(line):
        return "effect", (found[1],)
    if found := _CANCEL_TIP.match(line):
        return "canceltip", (found[1],)
    if found := _WHO_GOT.match(line):
        return "chasetip" if line.lower().startswith("chase") else "whogot", (found[1],)
    if re.search(r"(?i)\b(?:campaign|rotation)\b", line) and (found := _CAMPAIGN.match(line)):
        return "campaign", ("stop" if found[1].lower() in ("stop", "pause", "end") else "start", *found[2].split())
    return None


def _setting(line: str) -> tuple[str, ...] | None:
    """A setting of the longer kinds: its name, and its values as text."""
    if found := _TIMES.match(line):
        return f"{found[1].lower()}_hours", _clock(found[2]), _clock(found[3])
    if found := _SUMMARY.match(line):
        return "summary_at", *(_clock(one) for one in found.groups() if one)
    if found := _CHANNEL.match(line):
        return "summary_channel", found[1]
    if found := _RIGHT.match(line):
        return "right_to_repair", found[1]
    if found := _HOLIDAY.match(line):
        return "extra_holidays" if found[1].lower() == "holiday" else "worked_days", found[2]
    if found := _PRIORITY.match(line):
        unit = found[3].lower().rstrip("s").replace(" ", "_") + "s"
        return "priorities", found[1].upper(), found[2], unit
    if found := _KEEP.match(line):
        return "retention", found[1].lower(), found[2]
    return None


def _clock(said: str) -> str:
    """A time of day as a file would give it: 07:00 for `7`."""
    hour, _, minute = said.replace(".", ":").partition(":")
    return f"{int(hour):02}:{minute or '00'}"


def is_setting(text: str) -> bool:
    """Whether a line sets a contract's setting: its phone numbers and channel are the firm's own and stay readable."""
    line = " ".join(text.split())
    return bool(_SET.match(line) or _CHANNEL.match(line))
