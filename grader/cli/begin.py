"""Where to begin, for those who type `kata` alone."""

from __future__ import annotations

from grader import catalogue
from grader.cli.streams import say

FIRST = "hello_await"


def begin() -> None:
    """Print the first commands to type."""
    slugs = catalogue.slugs(*catalogue.roots())
    slug = FIRST if FIRST in slugs or not slugs else slugs[0]
    lines = {
        "kata list": "every kata, in learning order",
        f"kata show {slug}": "what it asks for",
        f"kata test {slug}": "which laws your answer keeps",
        "kata -h": "every verb",
    }
    width = max(map(len, lines))
    say("\n".join(f"  {line:<{width}}   {about}" for line, about in lines.items()))
