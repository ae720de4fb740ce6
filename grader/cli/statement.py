"""A kata's statement as Markdown, with the ids and points of its laws."""

from __future__ import annotations

import re
import textwrap

from grader.catalogue import Kata, Law, MalformedKata

WIDTH = 80

_TABLE_OF_LAWS = re.compile(r"^## Laws\n\n(?:\|.*\n)+", re.MULTILINE)


def read_statement(kata: Kata) -> str:
    """Return the README, its table of laws replaced by our list, or ours at its end."""
    try:
        readme = kata.readme.read_text("utf-8").rstrip() + "\n"
    except (OSError, UnicodeError) as error:
        shown = kata.readme.relative_to(kata.root)
        raise MalformedKata(shown, [f"cannot be read: {error}"]) from None
    laws = "## Laws\n\n" + "".join(_item(law) for law in kata.laws)
    replaced, found = _TABLE_OF_LAWS.subn(lambda _: laws, readme, count=1)
    return replaced if found else f"{readme}\n{laws}"


def _item(law: Law) -> str:
    points = "1 point" if law.points == 1 else f"{law.points} points"
    item = textwrap.fill(
        f"- {law.says} (`{law.id}`, {points})",
        WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{item}\n"
