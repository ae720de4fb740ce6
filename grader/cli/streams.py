"""Where the command writes: results to stdout, anything else to stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import msgspec


class Unwritten(Exception):
    """A result could not be written; `gone` when its reader had left."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"cannot write the result: {error.strerror}")
        self.gone = isinstance(error, BrokenPipeError)


def say(text: str) -> None:
    """Write a result."""
    with _writing():
        print(text.rstrip("\n"), flush=True)


def say_json(document: msgspec.Struct) -> None:
    """Write one JSON document; it is UTF-8 whatever the terminal speaks."""
    import msgspec

    data = msgspec.json.encode(document) + b"\n"
    with _writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def note(text: str) -> None:
    """Write a message that is no result, if anybody can still be told."""
    with suppress(OSError):
        print(text.rstrip("\n"), file=sys.stderr, flush=True)


def prepare() -> None:
    """Make sure that both streams exist and that stdout can take any character."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - till the end
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def finish() -> None:
    """Write what is still unwritten of the results."""
    with _writing():
        sys.stdout.flush()


def discard() -> None:
    """Keep Python from failing on stdout once more when it flushes at its end."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unwritten(error) from None
