"""What the benchmarks found, as one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """What was to be reached, what was found, and whether it is enough."""

    says: str
    wanted: str
    found: str
    met: bool


@dataclass
class Section:
    """One question and its answer: a table, and the goals that it decides."""

    title: str
    text: str
    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    def __str__(self) -> str:
        """Return it as Markdown."""
        return f"## {self.title}\n\n{self.text}\n\n{table(self.head, self.rows)}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown: the first column to the left, figures to the right."""
    cells = [list(head), *map(list, rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(row, widths) for row in (cells[0], rule, *cells[1:]))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    told = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(told)} |"


def goals(sections: Sequence[Section]) -> str:
    """Return every goal with what was found, met or not."""
    rows = [
        (goal.says, goal.wanted, goal.found, "met" if goal.met else "**not met**")
        for section in sections
        for goal in section.goals
    ]
    return table(("goal", "wanted", "found", ""), rows)
