"""How many lanes were running at once, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.scale import Scale, nanoseconds
from grader.verdict import Lane

_Span = tuple[int, int]


def crowd_in_cells(lanes: Sequence[Lane], scale: Scale, broken: range) -> list[int]:
    """Return how many lanes ran in the middle of each cell: as many as are drawn there.

    In the cells of `broken` it is the most that ran at any one moment, be it ever so
    short, and a lane of no length counts at its moment. Elsewhere a lane is closed at
    its start and open at its end: who leaves makes room for who enters.
    """
    spans = [_span(lane, scale) for lane in lanes]
    return [
        (_most if cell in broken else _middle)(spans, cell, scale)
        for cell in range(scale.cells)
    ]


def _span(lane: Lane, scale: Scale) -> _Span:
    """Return start and end in units in which every cell is `2 * scale.step` long."""
    end = scale.end + 1 if lane.end is None else nanoseconds(lane.end)
    unit = 2 * scale.per
    return (nanoseconds(lane.start) - scale.origin) * unit, (end - scale.origin) * unit


def _middle(spans: list[_Span], cell: int, scale: Scale) -> int:
    # A boundary in the very middle is drawn after it.
    at = (2 * cell + 1) * scale.step
    return sum(start < at <= end for start, end in spans)


def _most(spans: list[_Span], cell: int, scale: Scale) -> int:
    first, last = 2 * cell * scale.step, 2 * (cell + 1) * scale.step
    # The very end has no cell of its own.
    last += cell == scale.cells - 1
    moments = {first, *(start for start, _ in spans if first < start < last)}
    return max(
        sum(start <= at < end or start == end == at for start, end in spans)
        for at in moments
    )
