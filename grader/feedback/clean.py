"""Which characters may reach a terminal.

What a submission says is shown, never obeyed: controls, ANSI sequences, bidirectional
overrides, invisible characters, lone surrogates and commands to a CI service are
written out as escapes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, TypeVar

import msgspec

_Record = TypeVar("_Record", bound=msgspec.Struct)

TAB = "    "
MAX_TEXT = 4000
"""More than a screen shows of any one text."""

_WITH_LINES = frozenset({"message", "printed"})
"""Fields whose newlines are kept: what draws them splits them."""

_MAX_MARKS = 2
_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u2018\u2019", "'"),
    **dict.fromkeys("\u201c\u201d", '"'),
    "\u2026": "...",
    "\u00d7": "x",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2192": "->",
}
"""What typography becomes in ASCII; all else is escaped."""

# These count as printable, and show nothing.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]"
)
_INVISIBLE_FROM = 0xE0000
_COMMAND = re.compile(r"::(?=[\w-]+[^:\n]*::)|##(?=(?:vso)?\[)")


def clean(text: str, *, ascii_only: bool = False, lines: bool = False) -> str:
    """Return `text` with nothing in it that a terminal would obey or hide.

    Newlines are kept with `lines`. Without characters that are refused the text comes
    back as it is.
    """
    text = _COMMAND.sub(_escaped_match, text[:MAX_TEXT])
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(text, ascii_only=ascii_only, lines=lines))


def clean_record(record: _Record, *, ascii_only: bool = False) -> _Record:
    """Return the same record with every text in it cleaned."""
    fields = {
        name: _clean_any(getattr(record, name), ascii_only, name in _WITH_LINES)
        for name in record.__struct_fields__
    }
    return type(record)(**fields)


def _clean_any(value: Any, ascii_only: bool, lines: bool) -> Any:  # noqa: FBT001
    if isinstance(value, str):
        return clean(value, ascii_only=ascii_only, lines=lines)
    if isinstance(value, msgspec.Struct):
        return clean_record(value, ascii_only=ascii_only)
    if isinstance(value, list):
        return [_clean_any(each, ascii_only, lines) for each in value]
    return value


def _shown(text: str, *, ascii_only: bool, lines: bool) -> list[str]:
    shown: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if character == "\t":
            shown.append(TAB)
        elif character == "\n" and lines:
            shown.append(character)
        elif ascii_only and not character.isascii():
            shown.append(_PLAIN.get(character) or _escaped(character))
        else:
            refused = marks > _MAX_MARKS or _is_refused(character)
            shown.append(_escaped(character) if refused else character)
    return shown


def _is_refused(character: str) -> bool:
    return (
        not character.isprintable()
        or ord(character) >= _INVISIBLE_FROM
        or _INVISIBLE.match(character) is not None
    )


def _escaped(character: str) -> str:
    code = ord(character)
    if character == "\n":
        return "\\n"
    if code <= 0xFF:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def _escaped_match(match: re.Match[str]) -> str:
    return _escaped(match[0][0]) + match[0][1:]
