"""What kind of message is it? By commands and fixed words; whatever is neither is a question.

The kinds are those of `doorstep understand`: ask, log, checklist, status, summary, tip, quiz, help, smalltalk, emergency, undo,
export, other.
"""

import math
import re
from collections.abc import Mapping

from bot.understanding.head import Scores
from bot.understanding.places import where
from bot.understanding.reader import NOT_COVERED
from bot.understanding.shorthand import Command

USUAL = 0.2  # what a question, the commonest kind, has to be ahead by
FEWEST = 4  # words; of shorter lines that aren't questions none is taken for one
FIXED = 2.0  # what fixed words add to the intent head's log chance
PLACED = 1.0  # what an address adds to a report's, where nothing is asked
FOREIGN = 0.95  # how sure that no standard covers it the topic head must be to call what is asked nothing of ours

TOLD = "danger"  # what the intent head calls a danger that is told: `bot.understanding.danger` hears those, and this head only tells them apart

_VERBS = {
    "ask": "standard theme themes culture rule wording choose nearest more why say related source",
    "status": "issue issues promised photos story",
    "summary": "summary checks pocket",
    "tip": "tip tips campaigns campaign whogot chasetip canceltip effect suggest",
    "quiz": "quiz",
    "checklist": "checklists",
    "help": "help about",
    "smalltalk": "welcome thanks",
    "emergency": "numbers card notdanger",
    "undo": "undo change cancel forget back",
}
_BY_VERB = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs.split()}  # whatever else is typed is "other"
_BY_WORDS = (
    ("export", r"\b(?:export|csv|xlsx|download)\b|\b(?:an?|as|in|into|to) (?:excel|spreadsheet)\b|\b(?:excel|spreadsheet)(?: file| sheet)? (?:of|for|with)\b"),
    ("summary", r"\b(?:summary|summarise|daily picture|round ?up|overview|how did (?:we|the team) do|whats outstanding)\b"),
    ("quiz", r"\b(?:quiz|test me|test my)\b"),
    ("tip", r"^(?!.*\bany tips? (?:for|on|with|about|how|when|to)\b).*(?<!is a )(?<!was a )(?<!like a )(?<!fly )(?<!rubbish )\btips?\b(?! (?:up|over|run|the))"),
    ("status", r"\b(?:status|any (?:news|update)s?|wheres? .{0,30} (?:at|up to)|my issues|what about [a-z]{3,5}[ -]?\d{1,3}|update on)\b"),
    ("checklist", r"^(?:start|begin|run|do)?(?: an?| the| my)? ?(?:visit|checklist|check ?list)\b|\b(?:pre ?visit|checklist)\b|\b(?:leaving|respect|visit|knock(?:ing)?|doorstep|door) (?:check|list|checks)\b"),
    ("smalltalk", r"^(?:hi|hiya|hello|hey|alright|morning|afternoon|evening|good (?:morning|afternoon|evening)|ta|cheers|bye|see ya|lol|ok|okay|how are you|nice one)\b[\w ,!?.]{0,18}$|^(?:sorry|thank you)(?: (?:mate|pal|love))?[ !.]*$"),
    ("log", r"^(?:log(?! (?:me|us|in|out|off|on)\b)|report(?! (?:for|on|of|to)\b)|record|raise|note)\b|^(?:please |can (?:you|u|i|we) |could (?:you|u|i|we) )+(?:log|report|record|raise)\b|"
            r"\b(?:log (?:it|this|that|an?|please|pls)|raise (?:it|this|an?)|put (?:it|this|that) (?:on|down|in the log))\b|[ ,]log$|^(?:just |ive |we |i )*(?:had |have |got |theres been )?(?:a |another )?near miss\b(?!.*\?)|^(?:an? )?new (?:issue|log|report)$|"
            r"^(?:i |we )?(?:want|need|would like|id like|got)(?: to)? (?:log|report|record|raise)\b|\bput .{2,30} (?:on|down|in) for\b"),
)  # fmt: skip
_WORDS = tuple((kind, re.compile(pattern)) for kind, pattern in _BY_WORDS)
_ORDERS = re.compile(r"(?:please |can you |pls )?(?:log|report|record|raise|note|put in)\b")
_FAULT = re.compile(
    r"\b(?:leak(?:s|ing)?|mould|damp|broken|bust|blocked|no (?:heating|hot water|power|lights?)|out of order|not working|dripping|"
    r"overflow(?:ing)?|cracked|loose|smashed|off its hinges|wont (?:close|open|lock|shut)|no access|complain(?:t|ts|ing|s)?|flood(?:ed|ing)?)\b"
)
_STANDARD = re.compile(
    r"\b(?:standards?|rules?|policy)\b.{0,12}\b(?:says?|said|covers?|on|about|for|that|is)\b|\bwhich standards?\b|\bwh?[ao]ts? (?:the|it) "
    r"(?:one|rule|say) |^do we have (?:one|a (?:rule|standard))\b|\b(?:allowed|alright|ok) to\b|\bwhat (?:do|did) we say (?:about|on)\b|"
    r"\b(?:remind me what|where does it say|does it say)\b|\bwhats the (?:clock|deadline|time limit|law)\b|^look up\b|"
    r"^(?:is|isnt) there (?:something|anything|owt|a bit|one)(?: in there| written| in the book)? (?:on|about|for)\b(?!.*\d)"
)
_ASKS = re.compile(
    r"\?|^(?:can|could|whats?|hows?|do|does|did|has|should|is|are|whos?|whens?|wheres?|why|may|which)\b|\b(?:standard|rule|allowed|ok to)\b"
)


def intent_of(text: str, command: Command | None, scores: Scores | None = None, *, searched: bool = False) -> str:
    """The kind of a message; `command` is what shorthand made of it, `scores` what was learned makes of it.

    What no standard covers, as far as the topic head is sure, is "other"; it is answered as a question all the same. A word that
    is `searched` for is a question, however much "loo" looks like a greeting to the head.
    """
    if command is not None:
        return _BY_VERB.get(command.verb, "other")
    plain = text.lower().replace("’", "").replace("'", "").strip()
    if not plain:
        return "other"
    fixed = "ask" if _STANDARD.search(plain) else _fixed(plain)
    if searched and not fixed:
        return "ask"
    if fixed == "ask" or not (scores and scores.intent):
        return fixed or "ask"
    likeliest = _likeliest(plain, fixed, scores.intent)
    return "other" if likeliest == "ask" and _is_foreign(scores) else likeliest


def _is_foreign(scores: Scores) -> bool:
    """Whether what is asked is nothing of ours: surely not covered, or more likely not than covered and no question either."""
    uncovered = scores.topic.get(NOT_COVERED, 0.0)
    return uncovered >= FOREIGN or (uncovered > 1 / 2 and scores.intent.get("other", 0.0) > scores.intent.get("ask", 0.0))


def _likeliest(plain: str, fixed: str | None, chances: Mapping[str, float]) -> str:
    """The kind by words and head together; a question and what is nothing of ours count as one."""
    one = {**chances, "ask": chances.get("ask", 0.0) + chances.get("other", 0.0)}
    scores = {kind: math.log(chance + 1e-4) for kind, chance in one.items() if kind not in (TOLD, "other")}
    scores["ask"] -= USUAL
    if fixed:
        scores[fixed] = scores.get(fixed, 0.0) + FIXED
    elif "log" in scores and not _ASKS.search(plain) and where(plain).place:
        scores["log"] += PLACED
    return max(scores, key=lambda kind: scores[kind])


def may_ask(text: str, kind: str) -> bool:
    """Whether a message of another kind may have been a question all the same: it names no place, nor says what it wants."""
    plain = text.lower().replace("’", "").replace("'", "").strip()
    says_so = _ORDERS.match(plain) if kind == "log" else _fixed(plain)
    return kind != "ask" and len(plain.split()) >= FEWEST and not says_so and where(text).place is None


def _fixed(plain: str) -> str | None:
    """The kind by fixed words alone."""
    for kind, form in _WORDS:
        if form.search(plain):
            return kind
    return "log" if _FAULT.search(plain) and not _ASKS.search(plain) and where(plain).place else None
