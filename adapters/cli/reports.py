"""`doorstep export month`, `export evidence` and `export verify`."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from adapters import settings as settings_module
from adapters.cli.database import opened
from adapters.cli.links import contract_named
from adapters.errors import SettingsError
from adapters.monthly import as_html, write_pdf, write_xlsx
from adapters.sealed import fault, seal
from bot.evidence import evidence_of
from bot.monthly import Month, month_of, span_of
from bot.phrases import Phrases
from content import load_pack
from storage import people
from storage.store import Connection


def export_month(contract: str, first: date, kind: str, file: Path) -> int:
    """Write a month's pack. Raises SettingsError where there isn't exactly one such contract."""
    pack = load_pack(settings_module.load().doorstep_pack)
    say = Phrases(pack.phrases)

    def work(connection: Connection) -> Month:
        tenant, identity = contract_named(connection, contract)
        own = people.contract(connection, tenant, identity)
        assert own is not None
        return month_of(connection, pack, say, own, span_of(tenant, own, first), datetime.now(UTC))

    with opened() as store:
        month = store.transact(work)
    if kind == "html":
        file.write_text(as_html(month, say), encoding="utf-8")
    else:
        (write_pdf if kind == "pdf" else write_xlsx)(month, say, file)
    print(f"{month.label} of {month.contract} is in {file}.")
    return 0


def export_evidence(contract: str, theme: str | None, first: date, months: int, file: Path) -> int:
    """Write sealed evidence. Raises SettingsError for a theme or contract that isn't there, or a count of months under 1."""
    settings = settings_module.load()
    pack = load_pack(settings.doorstep_pack)
    found = next((one for one in pack.themes if theme and theme.upper() in (one.id.upper(), one.name.upper())), None)
    if theme and found is None:
        raise SettingsError(f"there is no theme {theme}: {', '.join(one.id for one in pack.themes)}")
    if not 1 <= months <= 36:
        raise SettingsError("evidence covers 1 to 36 months")

    def work(connection: Connection) -> dict[str, object]:
        tenant, identity = contract_named(connection, contract)
        own = people.contract(connection, tenant, identity)
        assert own is not None
        return evidence_of(connection, pack, own, span_of(tenant, own, first, months), found, datetime.now(UTC))

    with opened() as store:
        document = seal(store.transact(work), settings.secrets)
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    signed = "hash and signature" if settings.secrets else "hash; set DOORSTEP_SECRET to sign it too"
    print(f"The evidence is in {file}, sealed by {signed}.")
    return 0


def verify(file: Path) -> int:
    """Say whether an evidence file is whole; exit code 1 when it isn't."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        wrong = fault(found, settings_module.load().secrets) if isinstance(found, dict) else "it isn't evidence"
    except ValueError:
        wrong = "it isn't evidence"
    if wrong:
        print(f"doorstep export verify: {file}: {wrong}.", file=sys.stderr)
        return 1
    print(f"{file} is as it was made.")
    return 0
