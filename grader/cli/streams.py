"""Where the command writes: results to stdout, anything else to stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import msgspec


def say(text: str) -> None:
    """Write a result."""
    print(text.rstrip("\n"), flush=True)


def note(text: str) -> None:
    """Write a message that is no result."""
    print(text.rstrip("\n"), file=sys.stderr, flush=True)


def say_json(document: msgspec.Struct) -> None:
    """Write one JSON document; it is UTF-8 whatever the terminal speaks."""
    import msgspec

    sys.stdout.flush()
    sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
    sys.stdout.buffer.flush()
