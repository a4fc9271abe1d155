"""The commands of whoever runs the bot: upgrade, doctor, letters and manifest."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from adapters import settings as settings_module
from adapters.errors import SettingsError
from content import PackError, load_pack
from storage import installations, letters, schema
from storage.errors import StorageError
from storage.secrets import Vault
from storage.store import Store


def upgrade() -> int:
    """Bring the tables up to date."""
    settings = settings_module.load()
    schema.upgrade(Store(settings.database))
    print("The tables are up to date.")
    return 0


def doctor() -> int:
    """A line for each thing looked at; exit code 1 when one is wrong."""
    try:
        settings = settings_module.load()
    except SettingsError as error:
        print(f"✗ Settings: {error}")
        return 1
    findings = [_pack(settings), *_database(settings), _slack(settings), _teams(settings)]
    for good, line in findings:
        print(f"{'✓' if good else '✗'} {line}")
    return 0 if all(good for good, _ in findings) else 1


def _pack(settings: settings_module.Settings) -> tuple[bool, str]:
    try:
        pack = load_pack(settings.doorstep_pack)
    except PackError as error:
        return False, f"Pack: {len(error.faults)} faults in {settings.doorstep_pack}. Run doorstep content check."
    return True, f"Pack: {pack.about.name} {pack.about.version}, {len(pack.standards)} standards, hash {pack.hash[:12]}"


def _database(settings: settings_module.Settings) -> list[tuple[bool, str]]:
    store = Store(settings.database)
    shown = store.url.render_as_string(hide_password=True)
    try:
        schema.check(store)
        counts = store.transact(letters.counts)
    except StorageError as error:
        return [(False, f"Database: {shown}: {error}")]
    stuck = counts["inbox_dead"] + counts["outbox_dead"]
    queue = f"{counts['inbox_waiting']} in, {counts['outbox_waiting']} out"
    fix = "" if not stuck else ". See doorstep letters"
    return [(True, f"Database: {shown}, tables up to date"), (not stuck, f"Queues: {queue}, {stuck} stuck{fix}")]


def _slack(settings: settings_module.Settings) -> tuple[bool, str]:
    if not settings.slack_is_on:
        return True, "Slack: off. Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET to turn it on"
    if settings.slack_client_id:
        return _installs(settings)
    how = "Socket Mode" if settings.slack_app_token else "POST /slack/events"
    return True, f"Slack: on, by {how}, API at {settings.slack_api_url}"


def _installs(settings: settings_module.Settings) -> tuple[bool, str]:
    """Many workspaces: can every token still be read, and is one locked under an old secret?"""
    store, vault = Store(settings.database), Vault(settings.secrets)
    try:
        found = [one for one in store.transact(installations.every) if one.bot_token]
        for one in found:
            vault.unlock(str(one.bot_token))
    except StorageError as error:
        return False, f"Slack: {error}"
    old = sum(vault.is_stale(str(one.bot_token)) for one in found)
    rest = f"; {old} tokens are still under an older DOORSTEP_SECRET" if old else ""
    return True, f"Slack: on for {len(found)} workspaces, installed at /slack/install{rest}"


def _teams(settings: settings_module.Settings) -> tuple[bool, str]:
    if not settings.teams_is_on:
        return True, "Teams: off. Set MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID to turn it on"
    complaint = asyncio.run(_entra(settings))
    if complaint:
        return False, complaint
    return True, f"Teams: on, POST /api/messages, for tenants {', '.join(settings.tenants)}; Entra gives a token"


async def _entra(settings: settings_module.Settings) -> str | None:
    """Ask Entra for a token, as a send would."""
    import aiohttp

    from adapters.teams.app import complaint_of
    from adapters.teams.entra import Entra

    async with aiohttp.ClientSession() as session:
        app_id, password = settings.microsoft_app_id, settings.microsoft_app_password
        return await complaint_of(Entra(session, settings.token_url, app_id, password, time.monotonic))


def show_letters(retry: str | None) -> int:
    """List the dead letters, or put one or all back in the queue."""
    store = Store(settings_module.load().database)
    schema.check(store)
    now = datetime.now(UTC)
    if retry is None:
        found = store.transact(letters.every_dead)
        for letter in found:
            print(f"{letter.id}\t{letter.received_at:%Y-%m-%d %H:%M} UTC\t{letter.reason}")
        counts = store.transact(letters.counts)
        print(f"{counts['inbox_dead']} unanswered, {counts['outbox_dead']} unsent.")
        return 0
    if retry != "all" and not retry.isdigit():
        print(f"doorstep letters: {retry} is not a number; use a number from the list, or all.")
        return 2
    if retry == "all":
        dead = store.transact(letters.every_dead)
        done = sum(store.transact(lambda c, one=one: letters.retry(c, None, one.id, now)) for one in dead)  # type: ignore[misc]
        done += store.transact(lambda c: letters.retry_unsent(c, now))
    else:
        done = int(store.transact(lambda c: letters.retry(c, None, int(retry), now)))
    print(f"{done} put back in the queue.")
    return 0 if done or retry == "all" else 1


def teams_manifest(url: str | None, package: Path | None) -> int:
    """Print Teams' app manifest as JSON, and write the package to upload."""
    from adapters.teams import manifest as teams

    if url is None or not url.startswith("https://"):
        print("doorstep manifest: Teams needs --url, and it must begin with https://.")
        return 2
    app_id = settings_module.load().microsoft_app_id
    if not app_id:
        print("MICROSOFT_APP_ID isn't set: put your bot's id in place of the zeros.", file=sys.stderr)
        app_id = "00000000-0000-0000-0000-000000000000"
    print(json.dumps(teams.manifest(url, app_id), indent=2))
    if package:
        package.write_bytes(teams.package(url, app_id))
    return 0


def manifest(url: str | None, *, sockets: bool) -> int:
    """Print Slack's app manifest as JSON."""
    from adapters.slack.manifest import manifest as slack_manifest

    if url is not None and not url.startswith("https://"):
        print("doorstep manifest: --url must begin with https://, because Slack sends to nothing else.")
        return 2
    print(json.dumps(slack_manifest(url or "", sockets=sockets), indent=2))
    return 0
