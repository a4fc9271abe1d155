"""A safety card that is asked for by name, and a cry for help that names no danger: "gas card", "emergency!", "someone's hurt".

What tells of a danger is heard before this, by `bot.understanding.danger`.
"""

import re
from collections.abc import Sequence

from content import SafetyCard

_LEAD = re.compile(
    r"^(?:please |quick |(?:can|could) i (?:have|see|get) |show (?:me |us )?|open |give (?:me|us) |get (?:me |us )?|pull up |"
    r"(?:i |we )?(?:need|want) |the |my |an |a |some )+"
)
_TAIL = re.compile(r"(?: (?:please|pls|now|quick|quickly|asap|fast|again|mate|ta|thanks|up|here))+$")
_PAGE = r"(?:cards?|numbers?|phone numbers?|contacts?|list|page|help)"
_CRY = re.compile(
    r"(?:sos|mayday|999|help urgent|urgent help|its urgent|urgent|emergency|emergencies|"
    rf"(?:emergency|safety|danger|urgent) {_PAGE}|"
    r"(?:its|this is|theres|we have|weve got|ive got|we got) an emergency(?: .{0,20})?|emergency at .{1,30}|all (?:the )?cards|"
    r"(?:what (?:do|should) (?:i|we) do )?(?:someone|somebody|a (?:resident|tenant|lad|worker))s? (?:is |has been |been |got )?"
    r"(?:badly |really )?(?:hurt|injured|in (?:danger|trouble))(?: .{0,20})?)"
)
_NUMBER = r"(?:(?:emergency|phone|helpline|hotline) )?(?:number|line|hotline|helpline)"
_STEPS = r"(?:what to do|(?:what are )?(?:the )?steps)"
_RING = (
    r"(?:who (?:do|should) (?:i|we) (?:ring|call|phone)|(?:what|which) number(?: do i ring)?) "
    r"(?:for|about|if (?:its|theres)) (?:an? )?"
)


class Urgent:
    """Reads such lines with a pack's cards; a card goes by its id and its `names`."""

    def __init__(self, cards: Sequence[SafetyCard]) -> None:
        self._cards = {name: card.id for card in cards for name in (card.id.lower(), *card.names)}
        any_name = "|".join(map(re.escape, sorted(self._cards, key=len, reverse=True)))
        self._asked = re.compile(
            rf"(?P<before>{any_name}) (?:(?:safety|emergency|danger) )?card|"
            rf"(?:safety |emergency |danger )?cards? (?:(?:for|on|about) )?(?:an? |the )?(?P<after>{any_name})|"
            rf"(?:whats (?:the )?)?(?P<numbered>{any_name}) {_NUMBER}|"
            rf"(?:whats (?:the )?)?{_NUMBER} for (?:an? |the )?(?P<number_for>{any_name})|"
            rf"(?:remind (?:me|us) )?{_STEPS} (?:in|for|if theres) (?:an? )?(?P<steps>{any_name})|"
            rf"{_RING}(?P<rung>{any_name})(?: leaks?| smell| escape| alarm)?"
        )

    def read(self, plain: str) -> tuple[str, tuple[str, ...]] | None:
        """The verb and arguments of such a line (squashed words), or None for any other line."""
        core = _TAIL.sub("", _LEAD.sub("", plain))
        if self._cards and (asked := self._asked.fullmatch(core)):
            return "card", (self._cards[next(name for name in asked.groups() if name)],)
        return ("numbers", ()) if _CRY.fullmatch(core) else None
