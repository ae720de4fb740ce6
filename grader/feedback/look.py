"""What the terminal can show: how wide, which symbols, any colour."""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, Literal, NamedTuple

WIDTH = 80
NARROWEST = 40

Colour = Literal["auto", "always", "never"]


class Symbols(NamedTuple):
    """The few characters that are no letters, and what stands for them in ASCII."""

    holds: str
    broken: str
    not_reached: str
    out_of_time: str
    fault: str
    bar: str
    cleanup: str
    idle: str
    dot: str
    cut: str

    def of(self, outcome: str) -> str:
        """Return the symbol of a law's outcome."""
        return str(getattr(self, outcome.replace(" ", "_")))


UNICODE = Symbols("✓", "✗", "○", "…", "!", "█", "░", "·", "·", "…")
ASCII = Symbols("ok", "BROKEN", "--", "TIME", "FAULT", "#", "~", ".", "-", "..")


@dataclass(frozen=True)
class Look:
    """How a screen is to look. `law` is set when only that law was run.

    `named` and `next_kata` are what names this kata, and the next, on a command line.
    Without `offers` nothing is said of what to type next; with `keys` only what no key does.
    `nearest` explains the broken law that is nearest to done, and not the first.
    """

    width: int = WIDTH
    ascii: bool = False
    color: bool = False
    quiet: bool = False
    law: str | None = None
    named: str = ""
    next_kata: str | None = None
    file: str = ""
    offers: bool = True
    keys: bool = False
    nearest: bool = False

    @property
    def symbols(self) -> Symbols:
        """The characters that this terminal can show."""
        return ASCII if self.ascii else UNICODE


def look_for(
    stream: IO[Any],
    environment: Mapping[str, str],
    color: Colour = "auto",
    ascii: bool = False,  # noqa: A002, FBT001, FBT002
) -> Look:
    """Return the look that suits a stream; never wider than 80 columns."""
    return Look(
        width=_width(stream),
        ascii=ascii or not _is_utf8(stream),
        color=_is_coloured(stream, environment, color),
    )


def _is_coloured(
    stream: IO[Any], environment: Mapping[str, str], color: Colour
) -> bool:
    if color != "auto":
        return color == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


def _is_utf8(stream: IO[Any]) -> bool:
    try:
        return (
            codecs.lookup(getattr(stream, "encoding", None) or "ascii").name == "utf-8"
        )
    except LookupError:
        return False


def _width(stream: IO[Any]) -> int:
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        return WIDTH
    # Some terminals, and some CI, say that they have no columns at all.
    return max(NARROWEST, min(WIDTH, columns)) if columns else WIDTH
