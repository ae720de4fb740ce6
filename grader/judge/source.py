"""The learner's own lines, for messages. Nothing here parses untrusted source."""

from __future__ import annotations

import re

from grader.verdict import Line

_DEFINITION = re.compile(r"^\s*(?:async\s+)?def\s+(\w+)")


class Source:
    """A submission's text, line by line."""

    def __init__(self, name: str, source: bytes) -> None:
        self._name = name
        self._lines = source.decode("utf-8", "replace").splitlines()

    def text(self, number: int) -> str:
        """Return a line without its indentation, empty if there is none."""
        if 1 <= number <= len(self._lines):
            return self._lines[number - 1].strip()[:200]
        return ""

    def line(self, number: int, function: str = "") -> Line | None:
        """Return a line with the function it stands in; None for line 0."""
        if number < 1:
            return None
        return Line(
            self._name, number, function or self._function(number), self.text(number)
        )

    def _function(self, number: int) -> str:
        if number > len(self._lines):
            return ""
        indent = _indent(self._lines[number - 1])
        for line in reversed(self._lines[: number - 1]):
            if _indent(line) >= indent or line.lstrip()[:1] in {"", "#"}:
                continue
            if found := _DEFINITION.match(line):
                return found[1]
            indent = _indent(line)
        return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
