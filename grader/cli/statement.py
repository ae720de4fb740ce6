"""A kata's statement as Markdown, its laws and their points in it."""

from __future__ import annotations

import textwrap

from grader.catalogue import Kata, Law, MalformedKata

LAWS_GO_HERE = "{laws}"
WIDTH = 80


def read_statement(kata: Kata) -> str:
    """Return the README with the laws where it wants them, or at its end."""
    try:
        readme = kata.readme.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        shown = kata.readme.relative_to(kata.root)
        raise MalformedKata(shown, [f"cannot be read: {error}"]) from None
    laws = "\n".join(_item(law) for law in kata.laws)
    if LAWS_GO_HERE in readme.splitlines():
        return readme.replace(f"\n{LAWS_GO_HERE}\n", f"\n{laws}\n")
    return f"{readme.rstrip()}\n\n## Points\n\n{laws}\n"


def _item(law: Law) -> str:
    points = "1 point" if law.points == 1 else f"{law.points} points"
    item = f"- {law.says} (`{law.id}`, {points})"
    return textwrap.fill(
        item,
        WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
