"""Renders neutral cards as Adaptive Cards 1.5 for a phone of 300 pixels, and plainer when Teams refuses.

Rung 0 uses rich text blocks, whose words Teams never reads as markdown; rung 1 is one text block and the buttons; rung 2 is a
plain text message. The text twin goes along as the message's summary, for notifications and screen readers. Cards stay under
25 KB (Teams fails somewhere above 28); what is too long is left out here and nowhere else, by whole blocks.
"""

import json
import re
from typing import Any

from adapters.photos import as_data_url
from adapters.platform import NO_PICTURES, Pictures
from bot.plain import block_text, plain
from bot.reply import Block, Button, Card, Field, Issued

LARGEST = 25_000
SUMMARY = 2_000
TEXT = 4_000
ROW = 3
WIDTH, PADDING, LETTER = 280, 30, 8  # pixels
TITLE = 40
ELEMENT = 200  # bytes of an element around its words, more than any has
STYLES = {"primary": "positive", "danger": "destructive"}
_MARKDOWN = re.compile(r"([\\`*_\[\]#<>~|])")

Payload = dict[str, Any]


def activity(issued: Issued, rung: int, pictures: Pictures = NO_PICTURES) -> Payload:
    """The message to send or to put in place of another: `type`, `summary`, and a card or a text."""
    card = issued.card
    words = plain(card)
    message: Payload = {"type": "message", "summary": _cut(words, SUMMARY)}
    if rung >= 2:
        return {**message, "text": _cut(words, TEXT), "textFormat": "plain"}
    return {
        **message,
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": adaptive(issued, rung, pictures)}
        ],
    }


def adaptive(issued: Issued, rung: int = 0, pictures: Pictures = NO_PICTURES, *, sends: str | None = None) -> Payload:
    """The card itself. With `sends` it is a dialog's: the frame has the title, and the buttons send that value back."""
    card = issued.card
    body = [] if sends else [_title(card)]
    body += _rich(card, pictures) if rung == 0 else [_text(_plainly(block)) for block in card.blocks]
    body += [_box(field) for field in card.fields]
    if card.footer:
        body.append(_text(_escape(card.footer), isSubtle=True, size="Small"))
    made: Payload = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": _cut(plain(card), SUMMARY),
        "body": body,
    }
    actions = [
        _action(card, button, sends or issued.value(number), dialog=sends is not None)
        for number, button in enumerate(card.buttons)
    ]
    rows = [{"type": "ActionSet", "actions": row} for row in _rows(actions)]
    words_weigh = len(made["fallbackText"].encode()) + sum(len(block_text(block).encode()) for block in card.blocks)
    if pictures or words_weigh + ELEMENT * (len(body) + len(actions)) > LARGEST // 2:  # may be too much: weigh it
        while len(body) > 1 and _size({**made, "body": body + rows}) > LARGEST:
            del body[-1 if not card.fields else 1]
    return {**made, "body": body + rows}


def _title(card: Card) -> Payload:
    colour = {"color": "Attention"} if card.urgent else {}
    return _text(_escape(card.title), style="heading", size="Medium", weight="Bolder", **colour)


def _text(text: str, **look: Any) -> Payload:
    return {"type": "TextBlock", "text": text, "wrap": True, **look}


def _rich(card: Card, pictures: Pictures) -> list[Payload]:
    return [element for block in card.blocks for element in (*_picture(block, pictures), *_elements(block))]


def _picture(block: Block, pictures: Pictures) -> list[Payload]:
    """The picture goes inside the card: there is no address that somebody else could open."""
    if block.picture is None or block.picture not in pictures:
        return []
    return [{"type": "Image", "url": as_data_url(pictures[block.picture]), "altText": block.text, "size": "Stretch"}]


def _elements(block: Block) -> list[Payload]:
    if block.items and not block.picture:
        lines = [_runs(_run(block.text, bold=True))] if block.text else []
        mark = {"do": "Do: ", "dont": "Don't: "}.get(block.kind, "• ")
        return [*lines, *(_runs(_run(mark, bold=block.kind != "points"), _run(item)) for item in block.items)]
    if not block.text:
        return []
    lines = [
        _runs(_run(line, bold=block.kind == "caution", subtle=block.kind == "note" or bool(block.picture)))
        for line in _lines(block)
    ]
    if block.kind in ("quote", "caution"):
        style = "emphasis" if block.kind == "quote" else "attention"
        return [{"type": "Container", "style": style, "items": lines}]
    return lines


def _lines(block: Block) -> list[str]:
    """A text run has no line breaks of its own on every client: a line is a block."""
    return [line for line in block_text(block).split("\n") if line.strip()]


def _runs(*runs: Payload) -> Payload:
    return {"type": "RichTextBlock", "inlines": list(runs), "spacing": "Small"}


def _run(text: str, *, bold: bool = False, subtle: bool = False) -> Payload:
    run: Payload = {"type": "TextRun", "text": text}
    if bold:
        run["weight"] = "Bolder"
    if subtle:
        run["isSubtle"] = True
    return run


def _box(field: Field) -> Payload:
    return {
        "type": "Input.Text",
        "id": field.name,
        "label": _escape(field.label),
        "placeholder": field.hint,
        "isMultiline": True,
        "maxLength": field.longest,
        "isRequired": True,
        "errorMessage": _escape(field.label),
    }


def _action(card: Card, button: Button, value: str, *, dialog: bool) -> Payload:
    """An opaque value, and a key that is the same however often this button of this revision is tapped."""
    data: Payload = {"doorstep": value, "once": f"{value}@teams"}
    if button.form and not dialog:
        data["msteams"] = {"type": "task/fetch"}
    made: Payload = {"type": "Action.Submit", "title": _cut(button.label, TITLE), "data": data}
    if not button.fills and card.fields:
        made["associatedInputs"] = "none"
    if button.style in STYLES:
        made["style"] = STYLES[button.style]
    if button.hint:
        made["tooltip"] = button.hint
    return made


def _rows(actions: list[Payload]) -> list[list[Payload]]:
    """Buttons side by side while they fit a phone's width, three at most; Teams would cut off what doesn't fit."""
    rows: list[list[Payload]] = []
    room = 0
    for action in actions:
        wide = PADDING + LETTER * len(action["title"])
        if not rows or len(rows[-1]) == ROW or wide > room:
            rows.append([])
            room = WIDTH
        rows[-1].append(action)
        room -= wide
    return rows


def _plainly(block: Block) -> str:
    return _escape(block_text(block)).replace("\n", "\n\n")


def _escape(text: str) -> str:
    """A text block reads markdown; these signs start some."""
    return _MARKDOWN.sub(r"\\\1", text)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    at = max(short.rfind("\n"), short.rfind(" "))
    return (short[:at] if at > limit // 2 else short) + "…"


def _size(card: Payload) -> int:
    return len(json.dumps(card, ensure_ascii=False).encode("utf-8"))
