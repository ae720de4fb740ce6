"""What a line of a screen is made of, and the forms that come again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from grader.feedback.look import Look
from grader.feedback.text import cut, join, pad, width_of, wrap

Style = Literal["", "good", "bad", "warn", "dim", "bold"]
Row = list[tuple[str, Style]]

INDENT = 2
LABEL = 9
OFFERED = 24
ASIDE = INDENT + LABEL
MOST = 6
"""Lines that any one text gets."""

_CODES: dict[Style, str] = {
    "good": "32",
    "bad": "31",
    "warn": "33",
    "dim": "2",
    "bold": "1",
}


def paint(rows: Sequence[Row], look: Look) -> str:
    """Return the rows as text, coloured if the look says so."""
    return "".join(_painted(row, look) + "\n" for row in rows)


def _painted(row: Row, look: Look) -> str:
    end = len("".join(text for text, _ in row).rstrip())
    painted = ""
    for text, style in row:
        shown = text[:end]
        end -= len(shown)
        painted += _coloured(shown, style) if look.color else shown
    return painted


def _coloured(text: str, style: Style) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style and text.strip() else text


def marked(
    symbol: str, text: str, style: Style, look: Look, indent: int = 0
) -> list[Row]:
    """Return a paragraph that begins with a symbol and hangs from it."""
    left = indent + len(symbol) + 1
    lines = wrap(text, look.width - left, MOST, look.symbols.cut)
    first: Row = [(" " * indent, ""), (symbol, style), (" ", ""), (lines[0], style)]
    return [first, *_hanging(lines[1:], left, style)]


def _hanging(lines: Sequence[str], left: int, style: Style) -> list[Row]:
    return [[(" " * left, ""), (line, style)] for line in lines]


def labelled(label: str, text: str, look: Look) -> list[Row]:
    """Return a row with its label in the margin; nothing if there is no text."""
    if not text.strip():
        return []
    lines = wrap(text, look.width - ASIDE, MOST, look.symbols.cut)
    return under(label, [[(line, "")] for line in lines])


def under(label: str, rows: Sequence[Row]) -> list[Row]:
    """Return rows beside a label that stands at the first of them."""
    labels = [label, *[""] * len(rows)]
    return [
        [(" " * INDENT, ""), (pad(name, LABEL), "bold"), *row]
        for name, row in zip(labels, rows, strict=False)
    ]


def source(line: int, text: str, look: Look, margin: int = ASIDE) -> Row:
    """Return one of the learner's own lines, with its number."""
    number = f"{line:>4} | "
    room = look.width - margin - len(number)
    return [(number, "dim"), (cut(text.strip(), room, look.symbols.cut), "")]


LONGEST = 300
"""Columns that an option of a command may take, however wide the screen is."""


def command(words: str, look: Look, margin: int = ASIDE) -> list[Row]:
    """Return a command that can be copied: a backslash ends a line that goes on."""
    room = look.width - margin
    if width_of(words) <= room:
        return [[(words, "bold")]]
    # An option and its value stay together.
    options = words.replace(" --", "\n--").split("\n")
    if options[-1].startswith("--file ") and width_of(options[-1]) < LONGEST:
        # A path cut in two could not be copied: let the terminal wrap the line.
        options = [*join(options[:-1], " ", room - 4), options[-1]]
        whole = " \\\n  ".join(options)
    else:
        whole = " \\\n  ".join(join(options, " ", room - 4))
    return [[(line, "bold")] for line in whole.split("\n")]


def offer(label: str, words: str, what: str, look: Look) -> list[Row]:
    """Return a row that names a command and what it is good for."""
    aligned = pad(f"{words}   ", OFFERED)
    if ASIDE + width_of(aligned + what) > look.width:
        return under(label, command(words, look))
    return under(label, [[(aligned, "bold"), (what, "dim")]])
