"""Results that nobody can know before the world has handed them out."""

from __future__ import annotations

import hashlib


class Tokens:
    """Makes the tokens of one run.

    A token begins with a public part that depends on the case alone, so that sorting
    tokens gives the same order on every machine, and ends with a keyed part that a
    player cannot compute.
    """

    def __init__(self, secret: bytes, case: str) -> None:
        self._secret = secret
        self._case = case

    def make(self, number: int) -> str:
        """Return the token of operation `number`."""
        name = f"{self._case}/{number}".encode()
        public = hashlib.blake2b(name, digest_size=5).hexdigest()
        keyed = hashlib.blake2b(name, digest_size=8, key=self._secret).hexdigest()
        return f"{public}-{keyed}"
