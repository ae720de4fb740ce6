"""The list of laws: what became of each, and its points."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.look import Look
from grader.feedback.rows import INDENT, Row, Style
from grader.feedback.sentences import note
from grader.feedback.text import pad, width_of, wrap
from grader.verdict import LawVerdict, Outcome

GAP = "  "
STYLES: dict[Outcome, Style] = {
    "holds": "good",
    "broken": "bad",
    "not reached": "dim",
    "out of time": "warn",
    "fault": "warn",
}


def law_rows(laws: Sequence[LawVerdict], look: Look) -> list[Row]:
    """Return one row for each law, two where its sentence is long."""
    signs = [look.symbols.of(law.outcome) for law in laws]
    sign = max(map(width_of, signs), default=0)
    points = max((len(_points(law)) for law in laws), default=0)
    notes = max((width_of(note(law)) for law in laws), default=0)
    taken = INDENT + sign + 1 + len(GAP) + points + (len(GAP) + notes if notes else 0)
    says = min(look.width - taken, max((width_of(law.says) for law in laws), default=0))
    return [row for law in laws for row in _rows(law, look, (sign, says, points))]


def _rows(law: LawVerdict, look: Look, widths: tuple[int, int, int]) -> list[Row]:
    sign, says, points = widths
    first, *rest = wrap(law.says, says, 4, look.symbols.cut)
    style = STYLES[law.outcome]
    row: Row = [
        (" " * INDENT, ""),
        (pad(look.symbols.of(law.outcome), sign + 1), style),
        (pad(first, says) + GAP, "dim" if law.outcome == "not reached" else ""),
        (_points(law).rjust(points), "" if law.outcome == "holds" else style),
        (f"{GAP}{note(law)}", style),
    ]
    more: list[Row] = [[(" " * (INDENT + sign + 1) + line, "")] for line in rest]
    return [row, *more]


def _points(law: LawVerdict) -> str:
    # A fault is ours: not a zero, a blank.
    return "" if law.outcome == "fault" else f"{law.points} of {law.max_points}"
