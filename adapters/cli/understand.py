"""`doorstep understand`: reads lines on standard input and says how the bot would take each, one line out for one line in."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.engine import Engine
from bot.understanding.intent import intent_of
from bot.understanding.reader import FirstReader
from content import SHIPPED, load_pack


def understand(folder: Path | None, *, as_json: bool) -> int:
    """Every line of standard input. Raises PackError."""
    pack = load_pack(folder or SHIPPED)
    engine = Engine(pack, FirstReader(pack))
    for line in sys.stdin:
        _say(reading(engine, line.rstrip("\r\n")), sys.stdout, as_json=as_json)
    return 0


def reading(engine: Engine, text: str) -> dict[str, Any]:
    """One message, in the fields that are relied on from outside. No issue is read from it yet: `issue` is null."""
    kept = engine.guard.clean(text)
    dangers = engine.listen(text)
    card = next((one.card.id for one in dangers if one.strength == "card"), None)
    caution = next((one.card.id for one in dangers), None) if card is None else None
    today = datetime.now(UTC).date()
    command = engine.shorthand.read(text, options=(), here=None, today=today)
    intent = "emergency" if card else intent_of(text, command)
    standards: list[dict[str, Any]] = []
    decision = "card" if card else "do"
    if intent == "ask" and not card:
        named = [arg for arg in command.args if arg in engine.pack.by_id] if command else []
        found = engine.reader.read(text)
        standards = [{"id": one.id, "score": one.score} for one in found.standards]
        decision = "answer" if command else found.decision
        if named:
            others = [one for one in standards if one["id"] != named[0]]
            standards = [{"id": named[0], "score": 1.0}, *others][:3]
    return {
        "text": kept.text,
        "intent": intent,
        "card": card,
        "caution": caution,
        "decision": decision,
        "standards": standards,
        "issue": None,
    }


def _say(found: dict[str, Any], out: TextIO, *, as_json: bool) -> None:
    if as_json:
        line = json.dumps(found, ensure_ascii=False)
    else:
        danger = f"  card {found['card']}" if found["card"] else f"  caution {found['caution']}" if found["caution"] else ""
        ids = ", ".join(f"{one['id']} {one['score']:.2f}" for one in found["standards"])
        line = f"{found['intent']} {found['decision']}{danger}  {ids}  | {found['text']}"
    out.write(line + "\n")
    out.flush()
