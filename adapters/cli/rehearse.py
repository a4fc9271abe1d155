"""`doorstep rehearse`: the days ahead by the clock, on a copy: what would come, to whom and when. Nothing is sent or kept."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from adapters.cli.database import opened
from adapters.errors import SettingsError
from adapters.rounds import Rounds
from adapters.settings import load
from bot.engine import Engine
from bot.understanding.reader import PlainReader
from content import load_pack
from storage import rehearsal, roster, schema
from storage.store import Connection, Store

STEP = timedelta(minutes=15)
LONGEST = 31
NAMED = 3  # people whose codes stand in a line


def rehearse(days: int) -> int:
    """Print a line for each time something comes, and how much it is in all.

    Raises:
        SettingsError: that many days can't be gone through.
    """
    if not 1 <= days <= LONGEST:
        raise SettingsError(f"between 1 and {LONGEST} days can be rehearsed")
    pack = load_pack(load().doorstep_pack)
    with TemporaryDirectory() as folder:
        stage = Store(f"sqlite:///{Path(folder) / 'stage.db'}")
        try:
            schema.upgrade(stage)
            with opened() as store:
                store.transact(lambda source: stage.transact(lambda into: rehearsal.copy(source, into)))
            return stage.transact(lambda connection: _play(connection, Engine(pack, PlainReader(pack)), days))
        finally:
            stage.engine.dispose()


def _play(connection: Connection, engine: Engine, days: int) -> int:
    """Go through the days in steps of a quarter of an hour."""
    now = datetime.fromtimestamp(-(-datetime.now(UTC).timestamp() // STEP.total_seconds()) * STEP.total_seconds(), UTC)
    end, kinds, edits = now + timedelta(days=days), Counter[str](), 0
    rounds = Rounds(engine, lambda: now)
    zones = {contract.hours.local.tzinfo for contract in rounds.every(connection)} or {ZoneInfo("Europe/London")}
    zone = next(iter(zones)) if len(zones) == 1 else UTC
    print(f"From now to {end.astimezone(zone):%a %d %b %H:%M}, as things stand. Nothing is sent. Times are {zone}.")
    while now < end:
        rounds.go(connection, rounds.every(connection))
        rounds.promises(connection)
        rounds.tips(connection)
        come: dict[str, list[str]] = {}
        for card_id, action, card in rehearsal.taken_away(connection):
            if action == "update":
                edits += 1
                continue
            kinds[card_id.partition("-")[0]] += 1
            come.setdefault(str(card["title"]), []).append(f"P{card_id.rpartition('-')[2]}")
        for title, people in come.items():
            more = f" and {len(people) - NAMED} more" if len(people) > NAMED else ""
            print(f"{now.astimezone(zone):%a %d %b %H:%M}  {', '.join(people[:NAMED])}{more}: {title}")
        now += STEP
    many = sum(tenant.people for tenant in roster.every_tenant(connection))
    said = ", ".join(f"{KINDS.get(kind, kind)} {count}" for kind, count in sorted(kinds.items())) or "nothing"
    print(f"{sum(kinds.values())} messages to {many} people ({said}); {edits} edits of what is on screen.")
    return 0


KINDS = {
    "sum": "summaries",
    "pkt": "pocket packs",
    "prm": "promises",
    "clk": "clocks",
    "stale": "standing still",
    "tip": "tips",
}
