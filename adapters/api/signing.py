"""Signs and checks webhooks as the Standard Webhooks specification says (standardwebhooks.com, version 1).

A delivery has an id, a time and a body; the signature is over the three. A receiver refuses what is older than five minutes and
what it has had before, so that nobody can play a delivery again.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

PREFIX = "whsec_"
TOLERANCE = 300  # seconds


def signature(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`. Raises ValueError for a secret that isn't one."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not a webhook secret") from error
    digest = hmac.new(key, f"{delivery_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(secret: str, delivery_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """What goes with a delivery."""
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, delivery_id, timestamp, body),
    }


def is_genuine(secret: str, given: Mapping[str, str], now: datetime, body: bytes) -> bool:
    """Whether a delivery is fresh and one of its signatures is right. Headers are looked up without regard to case."""
    delivery_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not (delivery_id and timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE:
        return False
    wanted = signature(secret, delivery_id, int(timestamp), body).encode()
    return any(
        hmac.compare_digest(wanted, one.encode("utf-8", "surrogateescape"))
        for one in given.get("webhook-signature", "").split()
    )
