"""Seals a document with its hash, and with a signature where there is a secret, so that a changed one is found out."""

import hashlib
import hmac
import json
from typing import Any

SEAL = "seal"


def seal(document: dict[str, Any], secrets: list[str]) -> dict[str, Any]:
    """The document with its SHA-256; with secrets also signed under the newest (HMAC-SHA256)."""
    plain = _plain(document)
    found = {"sha256": hashlib.sha256(plain).hexdigest()}
    if secrets:
        found["hmac_sha256"] = _signed(plain, secrets[0])
    return {**document, SEAL: found}


def fault(sealed: dict[str, Any], secrets: list[str]) -> str | None:
    """Why a sealed document can't be trusted; None when it is whole and, where it was signed, ours."""
    document = {name: value for name, value in sealed.items() if name != SEAL}
    given = sealed.get(SEAL)
    if not isinstance(given, dict) or "sha256" not in given:
        return "it has no seal"
    plain = _plain(document)
    if not hmac.compare_digest(str(given["sha256"]), hashlib.sha256(plain).hexdigest()):
        return "it was changed after it was made"
    signature = given.get("hmac_sha256")
    if signature is None:
        return None if not secrets else "it isn't signed"
    if not any(hmac.compare_digest(str(signature), _signed(plain, one)) for one in secrets):
        return "it was signed under another DOORSTEP_SECRET"
    return None


def _plain(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _signed(plain: bytes, secret: str) -> str:
    return hmac.new(hashlib.sha256(secret.encode()).digest(), plain, hashlib.sha256).hexdigest()
