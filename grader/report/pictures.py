"""A timeline as shapes for an SVG: one lane for each operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.feedback.lanes import chosen
from grader.feedback.scale import Scale, nanoseconds, scale_for
from grader.verdict import Lane, Timeline

WIDTH = 640
LABELS = 150
NOTES = 90
LANE = 18
BAR = 12
TOP = 22
CELLS = 60

_ENDS = {
    "failed": "failed",
    "cancelled": "was cancelled",
    "lost": "was lost: nobody waits for its answer",
    "open": "never ended",
    "done": "ended",
}


@dataclass(frozen=True)
class Bar:
    """A stretch of a lane; `cleanup` says that a cancellation had reached it."""

    x: float
    width: float
    cleanup: bool


@dataclass(frozen=True)
class Drawn:
    """A lane: where it stands, what is written beside it, and its bars."""

    y: int
    label: str
    note: str
    state: str
    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Tick:
    """A moment on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Picture:
    """All that is drawn. `band` is where the law was broken, from and how wide."""

    height: int
    lanes: Sequence[Drawn]
    ticks: Sequence[Tick]
    marks: Sequence[Tick]
    band: tuple[float, float] | None
    band_label: str
    hidden: int
    says: str

    width = WIDTH
    left = LABELS
    right = WIDTH - NOTES
    top = TOP
    bar = BAR


def picture(timeline: Timeline, says: str) -> Picture:
    """Return the shapes of a timeline; `says` is what one who cannot see it is told."""
    lanes = chosen(timeline.lanes)
    scale = scale_for(_moments(timeline, lanes), CELLS)
    drawn = [_lane(lane, place, scale) for place, lane in enumerate(lanes)]
    ticks = [
        Tick(_place(scale.origin + cell // scale.per * scale.step, scale), label)
        for cell, label in scale.ticks()
    ]
    marks = [Tick(_x(mark.at, scale), mark.label) for mark in timeline.marks[:4]]
    bottom = TOP + LANE * len(drawn)
    return Picture(
        bottom + 8 + 16 * len(marks),
        drawn,
        ticks,
        marks,
        _band(timeline, scale),
        timeline.broken_label,
        timeline.hidden_lanes + len(timeline.lanes) - len(lanes),
        says,
    )


def _moments(timeline: Timeline, lanes: Sequence[Lane]) -> list[int]:
    found = [timeline.end, timeline.broken_from, timeline.broken_to]
    for lane in lanes:
        found += [lane.start, lane.end, lane.cleanup]
    found += [mark.at for mark in timeline.marks]
    return [nanoseconds(each) for each in found if each is not None]


def _lane(lane: Lane, place: int, scale: Scale) -> Drawn:
    start = _x(lane.start, scale)
    end = _x(lane.end, scale) if lane.end is not None else float(WIDTH - NOTES)
    middle = _x(lane.cleanup, scale) if lane.cleanup is not None else end
    middle = max(start, min(middle, end))
    bars = [Bar(start, max(2.0, middle - start), cleanup=False)]
    if middle < end:
        bars.append(Bar(middle, end - middle, cleanup=True))
    until = f"to {lane.end:g} s" if lane.end is not None else "on"
    title = f"{lane.label}: from {lane.start:g} {until}; it {_ENDS[lane.state]}"
    y = TOP + LANE * place
    return Drawn(y, lane.label, lane.note, lane.state, title, bars)


def _band(timeline: Timeline, scale: Scale) -> tuple[float, float] | None:
    if timeline.broken_from is None:
        return None
    start = _x(timeline.broken_from, scale)
    to = timeline.broken_to if timeline.broken_to is not None else timeline.broken_from
    return start, max(2.0, _x(to, scale) - start)


def _x(at: float, scale: Scale) -> float:
    return _place(nanoseconds(at), scale)


def _place(at: int, scale: Scale) -> float:
    share = (at - scale.origin) / (scale.span or 1)
    room = WIDTH - LABELS - NOTES
    return round(LABELS + max(0.0, min(1.0, share)) * room, 1)
