"""How many lanes were running at once, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.scale import Scale, nanoseconds
from grader.verdict import Lane


def crowd_in_cells(lanes: Sequence[Lane], scale: Scale, instants: range) -> list[int]:
    """Return the most lanes that ran at any one moment of each cell.

    A lane is closed at its start and open at its end. So a lane of no length does not
    count, but in the cells of `instants`, where the law says that it does.
    """
    spans = [_span(lane, scale) for lane in lanes]
    return [
        _most(spans, cell * scale.step, (cell + 1) * scale.step, cell in instants)
        for cell in range(scale.cells)
    ]


def _span(lane: Lane, scale: Scale) -> tuple[int, int]:
    """Return start and end in units in which every cell is `scale.step` long."""
    end = scale.end + 1 if lane.end is None else nanoseconds(lane.end)
    start = nanoseconds(lane.start)
    return (start - scale.origin) * scale.per, (end - scale.origin) * scale.per


def _most(spans: list[tuple[int, int]], first: int, end: int, instants: bool) -> int:  # noqa: FBT001
    moments = {first, *(start for start, _ in spans if first < start < end)}
    return max(
        sum(
            start <= at < stop or (instants and start == stop == at)
            for start, stop in spans
        )
        for at in moments
    )
