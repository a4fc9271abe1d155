"""The text twin of a card: the same meaning with no markup. For notifications, screen readers, terminals and bad signal."""

from bot.reply import Block, Card

MARKS = {"do": "Do: ", "dont": "Don't: ", "points": "• "}


def block_text(block: Block) -> str:
    """A block as lines of text."""
    if block.kind == "quote":
        return f"“{block.text}”"
    if block.kind == "caution":
        return f"⚠ {block.text}"
    if block.picture:
        return block.text
    if block.items:
        head = [block.text] if block.text else []
        return "\n".join([*head, *(MARKS.get(block.kind, "• ") + item for item in block.items)])
    return block.text


def plain(card: Card, *, options: bool = True) -> str:
    """The whole card as text; with `options`, the buttons as a line of what to type."""
    lines = [card.title, *(block_text(block) for block in card.blocks)]
    if card.footer:
        lines.append(card.footer)
    if options and card.buttons:
        labels = ((number, button) for number, button in enumerate(card.buttons, 1) if not button.fills)
        choices = " · ".join(f"{number} {button.label}" for number, button in labels)
        lines.append(f"Type: {choices}" if choices else "")
    return "\n".join(line for line in lines if line)
