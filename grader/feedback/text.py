"""How much room a text takes, and how it is made to fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def width_of(text: str) -> int:
    """Return the columns that `text` takes. A combining mark counts as one: never less."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int) -> str:
    """Return `text` with blanks after it, up to `width` columns."""
    return text + " " * (width - width_of(text))


def cut(text: str, width: int, sign: str) -> str:
    """Return `text` in at most `width` columns, `sign` at its end if it was cut."""
    if width_of(text) <= width:
        return text
    return head(text, width - len(sign)) + sign[: max(0, width)]


def cut_middle(text: str, width: int, sign: str) -> str:
    """Return `text` in at most `width` columns: names differ at their ends."""
    if width_of(text) <= width:
        return text
    room = max(0, width - len(sign))
    tail = head(text[::-1], room - room // 2)[::-1]
    return head(text, room // 2) + sign[: max(0, width)] + tail


def head(text: str, width: int) -> str:
    """Return as much of `text` as `width` columns hold."""
    taken = 0
    for index, character in enumerate(text):
        taken += _columns(character)
        if taken > width:
            return text[:index]
    return text


def wrap(text: str, width: int, most: int = 0, sign: str = "") -> list[str]:
    """Return `text` in lines of `width` columns, broken between words where it can be.

    There is at least one line, and with `most` no more than that: `sign` ends the last.
    """
    lines = [""]
    for word in _words(text, width):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if most and len(lines) > most:
        lines = [
            *lines[: most - 1],
            cut(" ".join(lines[most - 1 : most + 1]), width, sign),
        ]
    return lines


def join(parts: Iterable[str], between: str, width: int) -> list[str]:
    """Return parts in as few lines as hold them; what does not fit is wrapped."""
    lines = [""]
    for part in parts:
        longer = between.join(filter(None, [lines[-1], part]))
        if width_of(longer) <= width:
            lines[-1] = longer
        else:
            lines += wrap(part, width)
    return [line for line in lines if line]


def _words(text: str, width: int) -> Iterable[str]:
    for word in text.split():
        rest = word
        while width_of(rest) > width:
            # A wide character in a column of one would never end.
            start = head(rest, width) or rest[0]
            yield start
            rest = rest[len(start) :]
        if rest:
            yield rest
