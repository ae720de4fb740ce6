"""The list of laws: what became of each, and its points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grader.feedback.look import Look
from grader.feedback.rows import INDENT, Row, Style
from grader.feedback.sentences import note
from grader.feedback.text import pad, width_of, wrap
from grader.verdict import LawVerdict, Outcome

GAP = "  "
SHORTEST = 24
"""Columns that a law's sentence needs."""

STYLES: dict[Outcome, Style] = {
    "holds": "good",
    "broken": "bad",
    "not reached": "dim",
    "out of time": "warn",
    "fault": "warn",
}


class _Columns(NamedTuple):
    sign: int
    says: int
    points: int
    notes: bool


def law_rows(laws: Sequence[LawVerdict], look: Look) -> list[Row]:
    """Return one row for each law, more where its sentence is long."""
    columns = _columns(laws, look)
    return [row for law in laws for row in _rows(law, look, columns)]


def _columns(laws: Sequence[LawVerdict], look: Look) -> _Columns:
    sign = _widest(look.symbols.of(law.outcome) for law in laws)
    points = _widest(map(_points, laws))
    notes = _widest(map(note, laws))
    room = look.width - INDENT - sign - 1 - len(GAP) - points
    # A narrow terminal has no room for notes: the sentences come first.
    fits = notes > 0 and room - len(GAP) - notes >= SHORTEST
    if fits:
        room -= len(GAP) + notes
    says = max(1, min(room, _widest(law.says for law in laws)))
    return _Columns(sign, says, points, fits)


def _widest(texts: Iterable[str]) -> int:
    return max(map(width_of, texts), default=0)


def _rows(law: LawVerdict, look: Look, columns: _Columns) -> list[Row]:
    first, *rest = wrap(law.says, columns.says, 6, look.symbols.cut)
    style = STYLES[law.outcome]
    tone: Style = "dim" if law.outcome == "not reached" else ""
    row: Row = [
        (" " * INDENT, ""),
        (pad(look.symbols.of(law.outcome), columns.sign + 1), style),
        (pad(first, columns.says) + GAP, tone),
        (_points(law).rjust(columns.points), "" if law.outcome == "holds" else style),
        (GAP + note(law) if columns.notes else "", style),
    ]
    margin = " " * (INDENT + columns.sign + 1)
    more: list[Row] = [[(margin + line, tone)] for line in rest]
    return [row, *more]


def _points(law: LawVerdict) -> str:
    # A fault is ours: not a zero, a blank.
    return "" if law.outcome == "fault" else f"{law.points} of {law.max_points}"
