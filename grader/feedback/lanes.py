"""One operation as a row of cells."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.look import Symbols
from grader.feedback.scale import Scale, nanoseconds
from grader.verdict import Lane

MAX_LANES = 12

ENDS = {"failed": "x", "cancelled": "/", "lost": "?", "open": ">"}
"""The last cell of a lane that did not simply end."""

_WORDS = {
    "failed": "failed",
    "cancelled": "cancelled",
    "lost": "lost",
    "open": "never ended",
}


def chosen(lanes: Sequence[Lane]) -> list[Lane]:
    """Return at most twelve lanes: those with a note, and then the earliest."""
    order = sorted(range(len(lanes)), key=lambda place: (not lanes[place].note, place))
    return [lanes[place] for place in sorted(order[:MAX_LANES])]


def lane_cells(lane: Lane, scale: Scale, symbols: Symbols) -> str:
    """Return the cells of a lane: running, cleaning up, idle."""
    start, end = _extent(lane, scale)
    cleanup = end
    if lane.cleanup is not None:
        cleanup = max(start, min(end, scale.edge(nanoseconds(lane.cleanup))))
    bar = symbols.bar * (cleanup - start) + symbols.cleanup * (end - cleanup)
    if lane.state in ENDS:
        bar = bar[:-1] + ENDS[lane.state]
    return symbols.idle * start + bar + symbols.idle * (scale.cells - end)


def _extent(lane: Lane, scale: Scale) -> tuple[int, int]:
    """Return the first cell of a lane and the one after its last: never none."""
    start = min(scale.edge(nanoseconds(lane.start)), scale.cells - 1)
    end = scale.cells if lane.end is None else scale.edge(nanoseconds(lane.end))
    return start, max(start + 1, end)


def legend(lanes: Sequence[Lane], drawn: str, symbols: Symbols) -> list[str]:
    """Return what each of the signs means that stand in what was drawn."""
    states = {lane.state for lane in lanes}
    parts = [
        f"{sign} {_WORDS[state]}" for state, sign in ENDS.items() if state in states
    ]
    if symbols.cleanup in drawn:
        parts.append(f"{symbols.cleanup} cleaning up")
    return parts
