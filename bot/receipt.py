"""The receipt for a bag of late messages: several answers that wait for one conversation, told in brief on one card."""

from bot.phrases import Phrases
from bot.reply import Block, Button, Card, label

MOST = 5


def fold(phrases: Phrases, cards: list[Card]) -> Card:
    """One card that names each answer and opens it with a tap. More than five: the last five, and the count says so."""
    shown = cards[-MOST:]
    lines = tuple(card.headline for card in shown)
    return Card(
        title=phrases("late.title", count=len(cards)),
        blocks=(Block("say", phrases("late.text")), Block("points", items=lines)),
        buttons=tuple(button for card in shown if (button := _opens(card))),
        footer=phrases("late.footer"),
    )


def _opens(card: Card) -> Button | None:
    """A button that shows the card again: the subject of its own first button tells which card that is."""
    for button in card.buttons:
        verb, *subject = button.says.split()
        if verb in ("more", "say", "why", "source") and subject:
            known = subject[0]
            return Button(label(f"Open {known}"), f"{'standard' if known.isupper() or known[-1].isdigit() else 'rule'} {known}")
    return None
