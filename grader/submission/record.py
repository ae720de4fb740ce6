"""What was taken in for grading, or why it was refused."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MAX_BYTES = 1 << 20
"""Of the one file that is graded."""

Refusal = Literal[
    "missing",
    "directory",
    "not a regular file",
    "too large",
    "unreadable",
    "several files",
    "unsafe archive",
    "broken archive",
]


@dataclass(frozen=True)
class Submission:
    """One file, read once. `name` is for people, `advice` a remark that costs nothing.

    `path` is what to hand in again: the file itself, or the archive that it came in.
    """

    name: str
    path: Path
    source: bytes
    sha256: str
    advice: str = ""


class Rejected(Exception):
    """The submission is not taken in; the message says what to do."""

    def __init__(self, name: str, reason: Refusal, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.reason = reason


def name_of(path: str | os.PathLike[str]) -> str:
    """Return how `path` is shown: the shorter spelling, nothing in it but plain text."""
    given = os.fspath(path)
    try:
        shortest = min(os.path.relpath(given), given, key=len)
    except (OSError, ValueError):
        shortest = given
    return plain(shortest)


def plain(text: str) -> str:
    """Return `text` with everything escaped that is not printable."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def too_large(name: str) -> Rejected:
    """Return the refusal of a file of more than `MAX_BYTES`."""
    message = f"{name} is larger than 1 MiB. Hand in your source code alone."
    return Rejected(name, "too large", message)
