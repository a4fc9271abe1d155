"""`doorstep keys` and `doorstep webhooks`: what other systems may read, where news go. A secret is shown once, when made."""

import base64
import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

from adapters import settings as settings_module
from adapters.api.signing import PREFIX
from adapters.cli.database import opened
from adapters.errors import SettingsError
from storage import links
from storage.secrets import Vault
from storage.store import Connection

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def contract_named(connection: Connection, name: str) -> tuple[int, int]:
    """Tenant and id. Raises SettingsError where there isn't exactly one."""
    found = links.contracts_named(connection, name)
    if len(found) != 1:
        raise SettingsError(f"there are {len(found)} contracts called {name!r}; see doorstep contracts apply")
    return found[0]


def add_key(contract: str, name: str, *, restricted: bool) -> int:
    """Make a key and show it."""
    key = f"dsk_{secrets.token_urlsafe(32)}"

    def work(connection: Connection) -> int:
        tenant, identity = contract_named(connection, contract)
        return links.add_key(connection, tenant, identity, name[:60], key, datetime.now(UTC), restricted=restricted)

    with opened() as store:
        number = store.transact(work)
    print(f"Key {number} reads the issues of {contract}. Keep it, it isn't shown again:\n{key}")
    return 0


def show_keys() -> int:
    """A line for each key."""
    with opened() as store:
        found = store.transact(links.keys)
    for key, contract in found:
        print(f"{key.id}  {contract}  {key.name}{'  with restricted categories' if key.restricted else ''}")
    print(f"{len(found)} keys." if found else "No keys. Make one: doorstep keys add --contract NAME --name TEXT")
    return 0


def revoke_key(number: int) -> int:
    """Take a key back."""
    with opened() as store:
        there = store.transact(lambda c: links.revoke(c, number, datetime.now(UTC)))
    print(f"Key {number} opens nothing any more." if there else f"doorstep keys: there is no key {number}.")
    return 0 if there else 1


def add_webhook(contract: str, url: str) -> int:
    """Make a webhook and show its secret. Raises SettingsError for an address that isn't https, or without DOORSTEP_SECRET."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SettingsError(f"{url} isn't an https address")
    kept = settings_module.load().secrets
    if not kept:
        raise SettingsError("set DOORSTEP_SECRET first: the webhook's own secret is kept under it")
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()

    def work(connection: Connection) -> int:
        tenant, identity = contract_named(connection, contract)
        locked = Vault(kept).lock(secret)
        return links.add_webhook(connection, tenant, identity, url[:500], locked, datetime.now(UTC))

    with opened() as store:
        number = store.transact(work)
    print(f"Webhook {number} tells {url} of the issues of {contract}. States come back by POST /api/v1/webhooks/{number}.")
    print(f"Both ways are signed with this secret. Keep it, it isn't shown again:\n{secret}")
    return 0


def show_webhooks() -> int:
    """A line for each webhook, with what went wrong last."""
    with opened() as store:
        found = store.transact(links.every_webhook)
    for hook, contract in found:
        wrong = f"  not taken {hook.attempts} times, last: {hook.error}" if hook.attempts else ""
        print(f"{hook.id}  {contract}  {hook.url}{wrong}")
    print(
        f"{len(found)} webhooks." if found else "No webhooks. Make one: doorstep webhooks add --contract NAME --url https://…"
    )
    return 0


def end_webhook(number: int) -> int:
    """Tell it nothing more."""
    with opened() as store:
        there = store.transact(lambda c: links.end_webhook(c, number, datetime.now(UTC)))
    print(f"Webhook {number} is told nothing any more." if there else f"doorstep webhooks: there is no webhook {number}.")
    return 0 if there else 1
