"""Keeps tokens unreadable at rest, under `DOORSTEP_SECRET`.

The setting may hold several secrets with commas: the first encrypts, each of them still decrypts. So a secret is rotated by
putting a new one in front, and taking the old one away when `doorstep doctor` says that nothing is under it any more.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.errors import StorageError


class SecretLost(StorageError):
    """A token was encrypted under a secret that isn't in DOORSTEP_SECRET any more."""


class Vault:
    """Encrypts and decrypts short texts."""

    def __init__(self, secrets: list[str]) -> None:
        if not secrets:
            raise ValueError("no secret")
        keys = [Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest())) for secret in secrets]
        self._newest = keys[0]
        self._all = MultiFernet(keys)

    def lock(self, text: str) -> str:
        """Unreadable without the secret, and different each time."""
        return self._newest.encrypt(text.encode()).decode()

    def unlock(self, locked: str) -> str:
        """What was locked. Raises SecretLost."""
        try:
            return self._all.decrypt(locked.encode()).decode()
        except InvalidToken as error:
            raise SecretLost(
                "a stored token can't be read: was DOORSTEP_SECRET changed? Put the old one behind a comma."
            ) from error

    def is_stale(self, locked: str) -> bool:
        """Whether it was locked under an older secret."""
        try:
            self._newest.decrypt(locked.encode())
        except InvalidToken:
            return True
        return False
