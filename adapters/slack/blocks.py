"""Renders neutral cards as Block Kit, within Slack's limits, and plainer when Slack refuses.

Rung 0 uses rich text, whose words Slack never reads as markup; rung 1 uses plain sections only; rung 2 is the text alone.
The text twin goes along on every rung: notifications and screen readers take it in place of the blocks. Truncation happens
here and nowhere else, by whole lines.

Limits: docs.slack.dev/reference/block-kit; the total of about 13,200 characters over all blocks is undocumented.
"""

import re
from typing import Any

from bot.plain import MARKS, block_text, plain
from bot.reply import Block, Button, Card, Field, Issued

HEADER = 150
SECTION = 2_900
TOTAL = 12_000
BLOCKS = 48
BUTTON = 75
VALUE = 2_000
ROW = 3
TITLE = 24
HINT = 75
PLACEHOLDER = 150
LABEL = 2_000
TEXT = 3_900
_HALF_ESCAPE = re.compile(r"&[a-z]{0,3}(?=…$)")

Payload = dict[str, Any]


def render(issued: Issued, rung: int) -> tuple[str, list[Payload]]:
    """The fallback text and the blocks of a card; no blocks on the plainest rung."""
    card = issued.card
    text = _HALF_ESCAPE.sub("", _cut(_escape(plain(card, options=rung >= 2)), TEXT))
    if rung >= 2:
        return text, []
    body = _rich if rung == 0 else _sections
    blocks = [_header(card), *body(card), *(_box(field) for field in card.fields)]
    if card.footer:
        blocks.append({"type": "context", "elements": [_plain_text(card.footer, SECTION)]})
    rows = _buttons(issued)
    if len(blocks) + len(rows) > BLOCKS or len(text) > SECTION:  # a card that long may be too much for Slack: count
        blocks = _within_total(blocks, BLOCKS - len(rows))
    return text, blocks + rows


def home(issued: Issued) -> Payload:
    """The card as an App Home view."""
    return {"type": "home", "blocks": render(issued, 0)[1]}


def dialog(card: Card, callback: str) -> Payload:
    """A card with fields as a dialog; it carries the line that is sent when it is filled in."""
    send = card.buttons[0]
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": send.says,
        "title": _plain_text(card.title, TITLE),
        "submit": _plain_text(send.label, TITLE),
        "blocks": [*_rich(card), *(_box(field) for field in card.fields)],
    }


def _header(card: Card) -> Payload:
    return {"type": "header", "text": _plain_text(card.title, HEADER)}


def _plain_text(text: str, limit: int) -> Payload:
    return {"type": "plain_text", "text": _cut(text, limit), "emoji": True}


def _rich(card: Card) -> list[Payload]:
    elements = [element for block in card.blocks for element in _rich_elements(block)]
    return [{"type": "rich_text", "elements": elements}] if elements else []


def _rich_elements(block: Block) -> list[Payload]:
    if block.items and not block.picture:
        lines = [_section_of([_run(MARKS[block.kind].strip(), bold=True), _run(" " + item)]) for item in block.items]
        if block.kind not in ("do", "dont"):
            lines = [_section_of([_run(item)]) for item in block.items]
        head = [_section_of([_run(block.text, bold=True)])] if block.text else []
        return [*head, {"type": "rich_text_list", "style": "bullet", "elements": lines}]
    run = _run(block_text(block) if block.kind == "caution" else block.text, bold=block.kind == "caution")
    kind = "rich_text_quote" if block.kind == "quote" else "rich_text_section"
    return [{"type": kind, "elements": [run, _run("\n")] if kind == "rich_text_section" else [run]}]


def _section_of(runs: list[Payload]) -> Payload:
    return {"type": "rich_text_section", "elements": runs}


def _run(text: str, *, bold: bool = False) -> Payload:
    run: Payload = {"type": "text", "text": _cut(text, SECTION)}
    return {**run, "style": {"bold": True}} if bold else run


def _sections(card: Card) -> list[Payload]:
    return [{"type": "section", "text": _plain_text(block_text(block), SECTION)} for block in card.blocks]


def _box(field: Field) -> Payload:
    element: Payload = {"type": "plain_text_input", "action_id": field.name, "multiline": True, "max_length": field.longest}
    if field.hint:
        element["placeholder"] = _plain_text(field.hint, PLACEHOLDER)
    return {"type": "input", "block_id": f"box-{field.name}", "label": _plain_text(field.label, LABEL), "element": element}


def _buttons(issued: Issued) -> list[Payload]:
    """Rows of three at most: what fits a phone's width."""
    made = [_button(issued, number, button) for number, button in enumerate(issued.card.buttons)]
    return [
        {"type": "actions", "block_id": f"row{start // ROW}", "elements": made[start : start + ROW]}
        for start in range(0, len(made), ROW)
    ]


def _button(issued: Issued, number: int, button: Button) -> Payload:
    made: Payload = {
        "type": "button",
        "action_id": f"option{number}",
        "text": _plain_text(button.label, BUTTON),
        "value": issued.value(number)[:VALUE],
    }
    if button.style != "plain":
        made["style"] = button.style
    if button.hint:
        made["accessibility_label"] = _cut(button.hint, HINT)
    return made


def _within_total(blocks: list[Payload], most: int) -> list[Payload]:
    """Leave out whole blocks past Slack's count and total length."""
    kept: list[Payload] = []
    length = 0
    for block in blocks[:most]:
        length += _length(block)
        if length > TOTAL:
            break
        kept.append(block)
    return kept


def _length(part: Any) -> int:
    if isinstance(part, dict):
        return sum(len(value) if key == "text" and isinstance(value, str) else _length(value) for key, value in part.items())
    return sum(_length(one) for one in part) if isinstance(part, list) else 0


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters: whole lines if some fit, else whole words."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    at = short.rfind("\n") if "\n" in short else short.rfind(" ")
    return (short[:at] if at > limit // 2 else short) + "…"


def _escape(text: str) -> str:
    """Slack reads these three in a message's text; all else is left as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
