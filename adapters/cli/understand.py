"""`doorstep understand`: reads lines on standard input and says how the bot would take each, one line out for one line in."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from adapters.learned import engine_of
from adapters.settings import load
from bot.engine import Engine
from bot.understanding.intent import may_ask
from bot.understanding.issue_words import says_nothing
from bot.understanding.shorthand import Command


def understand(folder: Path | None, *, as_json: bool) -> int:
    """Every line of standard input. What isn't learned yet from the pack is learned first. Raises PackError, SettingsError."""
    settings = load()
    engine = engine_of(folder or settings.doorstep_pack, settings.doorstep_encoder, settings.doorstep_data, teach=True)
    for line in sys.stdin:
        _say(reading(engine, line.rstrip("\r\n")), sys.stdout, as_json=as_json)
    return 0


def reading(engine: Engine, text: str) -> dict[str, Any]:
    """One message, in the fields that are relied on from outside."""
    kept = engine.guard.clean(text)
    dangers = engine.listen(text)
    card = next((one.card.id for one in dangers if one.strength == "card"), None)
    caution = next((one.card.id for one in dangers), None) if card is None else None
    command = engine.shorthand.read(text, options=(), here=None, today=datetime.now(UTC).date())
    intent = "emergency" if card else "ask" if engine.ears.languages.of(text) else engine.intent(text, command)
    asked = not card and intent in (("ask", "other") if command is None else ("ask",))  # what no skill does, the reader answers
    beside = bool(card) or (command is None and may_ask(text, intent))
    return {
        "text": kept.text,
        "intent": intent,
        "card": card,
        "caution": caution,
        "decision": "card" if card else _decision(engine, text, command) if asked else "do",
        "standards": _standards(engine, text, command) if asked else _beside(engine, text) if beside else [],
        "issue": _issue(engine, text) if card or (intent == "log" and not says_nothing(text)) else None,
    }


def _decision(engine: Engine, text: str, command: Command | None) -> str:
    if command:
        return "answer"
    return "choose" if engine.ears.languages.of(text) else engine.reader.read(text).decision


def _beside(engine: Engine, text: str) -> list[dict[str, Any]]:
    """The standards that were perhaps asked about: the safety card's "Not this?", or a button of the answer, leads to them."""
    reading = engine.reader.read(text)
    return [{"id": one.id, "score": one.score} for one in reading.standards] if reading.near else []


def _standards(engine: Engine, text: str, command: Command | None) -> list[dict[str, Any]]:
    found = [{"id": one.id, "score": one.score} for one in engine.reader.read(text).standards]
    named = [arg for arg in command.args if arg in engine.pack.by_id] if command else []
    if named:
        found = [{"id": named[0], "score": 1.0}, *(one for one in found if one["id"] != named[0])][:3]
    return found


def _issue(engine: Engine, text: str) -> dict[str, Any] | None:
    report = engine.reporter.read(text)
    if report is None:
        return None
    place = engine.guard.clean(report.where.place).text if report.where.place else None
    return {
        "category": report.category.code,
        "priority": report.priority,
        "clocks": list(report.category.clocks),
        "awaab": report.awaab,
        "complaint_choice": report.complaint,
        "place": place,
        "postcode": report.where.postcode,
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
