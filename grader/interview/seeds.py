"""Which cases an interview's saves are graded on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from grader.interview.log import FRESH_SEEDS, Ended, Entry

MAX_SEED = 2**31


def seed_of_saves(nonce: str) -> int:
    """Return the seed of every save's verdict."""
    return _seed(f"saves {nonce}")


def fresh_seeds(entries: Sequence[Entry], hashes: Sequence[str]) -> list[int]:
    """Return the seeds of the last grading: they follow from the log up to its end."""
    ends = (
        name
        for entry, name in zip(entries, hashes, strict=True)
        if isinstance(entry.what, Ended)
    )
    end = next(ends, None)
    if end is None:
        return []
    return [_seed(f"final {end} {place}") for place in range(FRESH_SEEDS)]


def _seed(text: str) -> int:
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:8], "big") % MAX_SEED
