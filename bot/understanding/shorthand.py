"""Reads what needs no guessing: commands, ids, theme names, dates, numbers of options, and a place in the talk.

A command is a verb and its arguments, such as `more RR2` or `wording RR2 2026-03-03`. Buttons say exactly these; people type
them in many ways ("what did rr 2 say on 3rd march"). What isn't understood here is a question for the reader.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rapidfuzz.fuzz import ratio

from bot.understanding.issue_words import read_issue_line
from bot.understanding.office import read_office
from bot.understanding.urgent import Urgent
from bot.understanding.when import read_pocket
from bot.understanding.words import squash
from content import Pack

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(month[:3] for month in MONTHS)

WORDS: dict[str, tuple[str, ...]] = {
    "help": (
        "help",
        "menu",
        "what can you do",
        "how does this work",
        "commands",
        "?",
        "start",
        "hello help",
        "help me use this",
    ),
    "welcome": (
        "hi",
        "hello",
        "hey",
        "hiya",
        "morning",
        "good morning",
        "afternoon",
        "good afternoon",
        "alright",
        "ey up",
        "yo",
    ),
    "thanks": (
        "thanks",
        "thank you",
        "ta",
        "cheers",
        "nice one",
        "thx",
        "cheers mate",
        "ok thanks",
        "great thanks",
        "thanks mate",
    ),
    "themes": (
        "themes",
        "browse",
        "standards",
        "list",
        "all standards",
        "the standards",
        "five themes",
        "all",
    ),
    "culture": (
        "culture",
        "culture one",
        "the culture one",
        "culture thread",
        "whats the culture one",
        "culture standard",
    ),
    "about": (
        "about",
        "who wrote this",
        "is this tpas",
        "who wrote the standards",
        "version",
        "is this the tpas standards",
        "are you tpas accredited",
    ),
    "numbers": ("numbers", "emergency numbers", "emergency", "phone numbers", "who do i ring", "safety cards", "cards"),
    "back": ("back", "go back", "previous"),
    "cancel": ("cancel", "stop", "quit", "never mind", "nevermind", "forget it", "leave it"),
    "repeat": ("repeat", "again", "say again", "show again", "carry on", "where was i", "resume", "come again"),
    "change": ("change", "change that", "edit", "change it", "wrong", "change my answer"),
    "undo": (
        "undo",
        "undo that",
        "undo it",
        "take that back",
        "take it back",
        "take that out",
        "take it out",
        "scrap that",
        "scrap it",
        "delete the last one",
        "remove the last one",
        "remove that",
        "i didnt mean that",
        "i didnt mean to log that",
        "that was a mistake",
    ),
    "issues": ("my issues", "issues", "open issues", "show my issues", "list my issues"),
    "summary": ("summary", "daily summary", "todays summary", "the picture", "daily picture", "round up", "what needs me"),
    "pocket": ("pocket", "pocket pack", "the pocket pack", "my pocket pack"),
    "suggest": ("which tip next", "what tip next", "suggest a tip", "next tip", "suggest"),
    "campaigns": ("campaigns", "list campaigns", "campaign"),
    "tips": ("tips", "my tips", "list tips", "tip results", "tip stats"),
    "tip": ("tip", "tip of the day", "tip of the week", "todays tip", "give me a tip", "standard of the week"),
    "quiz": ("quiz", "quiz me", "test me", "next question", "another question", "give me a quiz", "pop quiz"),
    "checklists": ("checklists", "all checklists", "which checklists", "list checklists", "show me the checklists"),
    "checks": ("checks", "visit figures", "who hasnt done the checklist", "checklist figures", "how many checks this week"),
    "trainer": ("ask a trainer", "ask trainer", "ask the trainer", "ask someone", "trainer"),
    "forget": (
        "forget",
        "forget that",
        "forget my question",
        "forget it all",
        "delete that",
        "delete my photo",
        "forget my photo",
    ),
    "data": ("my data", "what do you keep", "what do you keep of me", "what do you know about me"),
    "me": ("me", "who am i", "whoami", "my code", "my roles", "my role", "what am i", "who am i to you"),
    "team": ("team", "my team", "change team", "pick a team", "pick my team", "join a team", "switch team", "teams"),
    "people": ("people", "my people", "list people", "who is in my team", "everyone"),
    "contract": ("contract", "my contract", "contract settings", "settings"),
    "audit": ("audit", "audit log", "who changed what", "history of changes"),
    "questions": ("questions", "open questions", "unanswered questions", "unanswered"),
    "letters": ("dead letters", "letters", "failed messages", "stuck messages"),
    "other": (
        "not this",
        "not what i asked",
        "not what i meant",
        "thats not it",
        "not that",
        "wrong one",
        "nope not that",
    ),
    "more": ("more", "tell me more", "more please", "go on", "dos and donts", "show more", "what else"),
    "why": ("why", "why is that", "whats the point", "but why", "why though", "y", "how come"),
    "related": ("related", "see also", "similar", "whats related", "anything related", "related ones"),
    "say": (
        "say it",
        "say",
        "what do i say",
        "what should i say",
        "wording",
        "script",
        "give me the words",
        "how do i say it",
    ),
    "source": (
        "source",
        "sources",
        "show me the source",
        "whats the source",
        "where is that from",
        "wheres that from",
        "says who",
        "show source",
        "who says",
        "prove it",
    ),
}
_EXACT = {phrase: verb for verb, phrases in WORDS.items() for phrase in phrases}
_HERE = frozenset({"more", "why", "related", "say", "source"})
_BOT_COMMANDS = frozenset(
    {
        "standard",
        "theme",
        "rule",
        "card",
        "wording",
        "choose",
        "nearest",
        "notdanger",
        "keep",
        "letter",
        "toolate",
        "question",
        "teach",
        "unteach",
        "pass",
        "answer",
        *WORDS,
    }
)
TEACH = 3
_TRAINER = re.compile(r"\s*ask (?:a|the|my) trainer\s*[:,-]\s*(.+)", re.IGNORECASE | re.DOTALL)
_DATE_PATTERNS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<name>{_MONTH})[a-z]*,?(?: (?P<year>\d{{4}}))?\b"),
    re.compile(rf"\b(?P<name>{_MONTH})[a-z]* (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?(?: (?P<year>\d{{4}}))?\b"),
)
_OF_TRAINERS = re.compile(r"\b(?:tips?|quiz(?:zes)?|test (?:me|my|us|the|them))\b")  # an id beside these isn't asked for itself
_ALL_OF_THEM = re.compile(
    r"(?:how many|what are|which|list|name|show(?: me)?|give (?:me|us)) (?:all )?(?:of )?(?:the |your |these )?"
    r"(?:(?:five|5|26|twenty ?six|tpas) )?(?:standards|themes)"
    r"(?: (?:are there|do (?:you|we) have|in all|in total|all ?together|please))*"
)
_PAST = re.compile(r"\b(did|said|was|used to|back|read|version|wording|say)\b")


@dataclass(frozen=True)
class Command:
    """A verb and its arguments, as a button says it or a person types it."""

    verb: str
    args: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.verb, *self.args))

    @classmethod
    def parse(cls, says: str) -> "Command":
        """The command that a button says."""
        verb, *args = says.split()
        return cls(verb, tuple(args))


class Shorthand:
    """Reads typed text as a command where that is certain."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        ids = sorted((standard.id for standard in pack.standards), key=len, reverse=True)
        self._id = re.compile(r"\b(" + "|".join(_loose(identity) for identity in ids) + r")\b", re.IGNORECASE) if ids else None
        self._ids = {re.sub(r"[^a-z0-9]", "", identity.lower()): identity for identity in ids}
        self._titles = {squash(standard.title): standard.id for standard in pack.standards}
        self._urgent = Urgent(pack.cards)
        self._themes = {squash(theme.name): theme.id for theme in pack.themes}
        self._theme_ids = {theme.id.lower(): theme.id for theme in pack.themes}

    def read(self, text: str, *, options: Sequence[tuple[str, str]], here: str | None, today: date) -> Command | None:
        """The command in `text`, or None when it is a question for the reader.

        Args:
            text: what was typed.
            options: label and command of each button on the person's latest card.
            here: the standard or rule the person is looking at, if any.
            today: the person's date, for "3 March" without a year.
        """
        plain = squash(text)
        if text.strip() == "?":
            return Command("help")
        if (asked := _TRAINER.match(text)) and asked[1].strip():
            return Command("trainer", ("say", asked[1].strip()))
        if plain.isdigit() and 1 <= int(plain) <= len(options) and "{" not in (says := options[int(plain) - 1][1]):
            return Command.parse(says)
        for label, says in options:
            if plain in (squash(label), squash(says)) and "{" not in says:
                return Command.parse(says)
        if (verb := _EXACT.get(plain.removesuffix(" please"))) and (verb not in _HERE or here):
            mine = ("mine",) if verb == "issues" and "open" not in plain else ()
            return Command(verb, (here,) if verb in _HERE and here else mine)
        if (lead := text.split()[:1]) and lead[0].lower() in ("tip", "quiz"):
            return Command(lead[0].lower(), tuple(text.split()[1:]))
        if known := self._urgent.read(plain) or read_issue_line(text) or read_office(text) or read_pocket(plain):
            return Command(*known)
        return self._machine(text) or self._dated(text, here, today) or self._named(text, plain)

    def _machine(self, text: str) -> Command | None:
        """A command in the words that buttons use, such as `more RR2`."""
        words = text.split()
        if len(words) < 2 or words[0].lower() not in _BOT_COMMANDS:
            return None
        verb, target = words[0].lower(), " ".join(words[1:])
        if (found := self.standard(target)) and verb in (*_HERE, "standard", "other"):
            return Command(verb, (found,))
        if verb == "theme" and (theme := self._theme(squash(target))):
            return Command("theme", (theme,))
        if verb == "rule" and target.lower() in self._pack.entry_by_id:
            return Command("rule", (target.lower(),))
        if verb in _HERE and target.lower() in self._pack.entry_by_id:
            return Command(verb, (target.lower(),))
        if verb == "card" and words[1].upper() in self._pack.card_by_id:
            return Command("card", (words[1].upper(), *words[2:3]))
        return _numbered(verb, words)

    def standard(self, text: str) -> str | None:
        """The id of the one standard that `text` is: `rr 2`, `RR2.` or its full title."""
        return self._ids.get(re.sub(r"[^a-z0-9]", "", text.lower())) or self._titles.get(squash(text))

    def _dated(self, text: str, here: str | None, today: date) -> Command | None:
        """ "What did RR2 say on 3 March"; without an id it is about the standard on screen."""
        day = read_date(text, today)
        if day is None or not _PAST.search(text.lower()):
            return None
        found = self._id.search(text) if self._id else None
        target = self.standard(found.group()) if found else (here if here and here.upper() in self._pack.by_id else None)
        return Command("wording", (target, day.isoformat())) if target else None

    def _named(self, text: str, plain: str) -> Command | None:
        """All of them, an id anywhere in a short text, a title, or a theme by its name or nearly."""
        if _ALL_OF_THEM.fullmatch(plain):
            return Command("themes")
        if self._id and len(text.split()) <= 9 and not _OF_TRAINERS.search(plain) and (found := self._id.search(text)):
            identity = self.standard(found.group())
            rest = plain.replace(squash(found.group()), "", 1).strip().removeprefix("for ").removesuffix(" for")
            verb = _EXACT.get(rest.removesuffix(" of").removesuffix(" about").strip(), "standard")
            return Command(verb if verb in _HERE else "standard", (identity,)) if identity else None
        if identity := self._titles.get(plain):
            return Command("standard", (identity,))
        theme = self._theme(plain)
        return Command("theme", (theme,)) if theme else None

    def _theme(self, plain: str) -> str | None:
        if theme := self._theme_ids.get(plain):
            return theme
        words = plain.split()
        for name, theme in self._themes.items():
            size = len(name.split())
            windows = [" ".join(words[start : start + size]) for start in range(max(1, len(words) - size + 1))]
            if len(words) <= size + 8 and any(ratio(name, window, score_cutoff=86) for window in windows):
                return theme
        return None


def _numbered(verb: str, words: list[str]) -> Command | None:
    """A command on something that has a number, such as `letter 12`, `teach 12 RR2` or `answer 12 yes, ask first`."""
    if not words[1].isdigit() or verb not in ("letter", "question", "unteach", "teach", "pass", "answer"):
        return None
    if verb == "answer":
        return Command(verb, tuple(words[1:]))
    return Command(verb, tuple(words[1:TEACH])) if verb != "teach" or len(words) == TEACH else None


def _loose(identity: str) -> str:
    """An id as people type it: `RR2`, `rr 2`, `RR-2`."""
    parts = re.findall(r"[A-Za-z]+|\d+|[^A-Za-z0-9]+", identity)
    return r"[ -]?".join(re.escape(part) for part in parts)


def read_date(text: str, today: date) -> date | None:
    """A day in the text, "yesterday" too; without a year the latest one that isn't in the future."""
    lower = text.lower()
    if "yesterday" in lower:
        return today - timedelta(days=1)
    for pattern in _DATE_PATTERNS:
        if not (found := pattern.search(lower)):
            continue
        parts = found.groupdict()
        month = (
            next(n for n, name in enumerate(MONTHS, 1) if name[:3] == parts["name"])
            if parts.get("name")
            else int(parts["month"])
        )
        year = int(parts["year"]) if parts.get("year") else None
        try:
            if year is not None:
                return date(year + 2000 if year < 100 else year, month, int(parts["day"]))
            day = date(today.year, month, int(parts["day"]))
            return day if day <= today else day.replace(year=today.year - 1)
        except ValueError:
            return None
    return None
