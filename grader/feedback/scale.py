"""Where a moment stands on the timeline. All in integers: equal times, equal cells."""

from __future__ import annotations

import math
from dataclasses import dataclass

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MOST_STEPS = 5
NICE = (60, 50, 40, 30, 25, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1)
"""Cells between two ticks. Each is a simple fraction of a step, so that times fit cells."""

# Neighbours differ by 2.5 at most, so that there are always three ticks or more.
_STEPS: list[int] = [
    *(digit * 10**power for power in range(9) for digit in (1, 2, 5)),
    *(number * SECOND for number in (1, 2, 5, 10, 20, 30)),
    *(number * MINUTE for number in (1, 2, 5, 10, 20, 30)),
    *(number * HOUR for number in (1, 2, 5, 12)),
    *(digit * 10**power * DAY for power in range(5) for digit in (1, 2, 5)),
]
_LONGEST: int = _STEPS[-1] * MOST_STEPS


def nanoseconds(at: float) -> int:
    """Return seconds as nanoseconds, within what can be drawn."""
    if math.isnan(at):
        return 0
    return round(max(0.0, min(at * SECOND, float(_LONGEST))))


@dataclass(frozen=True)
class Scale:
    """A row of cells from `origin` on, `per` of them from one tick to the next."""

    origin: int
    span: int
    step: int
    per: int

    @property
    def end(self) -> int:
        """The last moment that is drawn."""
        return self.origin + self.span

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return max(1, (2 * self.span * self.per + self.step) // (2 * self.step))

    def edge(self, at: int) -> int:
        """Return the boundary between cells that is nearest to a moment."""
        place = (2 * (at - self.origin) * self.per + self.step) // (2 * self.step)
        return max(0, min(self.cells, place))

    def cell(self, at: int) -> int:
        """Return the cell that a moment falls into."""
        return max(0, min(self.cells - 1, (at - self.origin) * self.per // self.step))

    def last_cell(self, until: int) -> int:
        """Return the cell in which something that lasts `until` is still on."""
        place = -(-(until - self.origin) * self.per // self.step) - 1
        return max(0, min(self.cells - 1, place))

    def ticks(self) -> list[tuple[int, str]]:
        """Return the cell before which each tick stands, and its label."""
        if self.span == 0:
            return [(0, tick_label(self.origin, self.step))]
        return [
            (number * self.per, tick_label(self.origin + number * self.step, self.step))
            for number in range(self.span // self.step + 1)
        ]


def scale_for(moments: list[int], room: int) -> Scale:
    """Return the scale on which all moments fit into `room` cells.

    It begins at 0, unless all that happened lies far away from it.
    """
    first, end = min(moments, default=0), max(moments, default=0)
    origin = 0 if first * 3 <= end * 2 else first
    if origin == end:
        return Scale(origin, 0, SECOND, 1)
    step = _step(end - origin)
    while origin % step:
        # A rounder beginning makes a longer span, which may need longer steps.
        origin -= origin % step
        step = _step(end - origin)
    span = end - origin
    most = room * step // span
    return Scale(origin, span, step, next(per for per in NICE if per <= max(1, most)))


def _step(span: int) -> int:
    fitting = (step for step in _STEPS if span <= step * MOST_STEPS)
    return next(fitting, _STEPS[-1])


def tick_label(at: int, step: int) -> str:
    """Return a tick's label: no finer than the steps between ticks need."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if step >= size:
            return f"{at // size}{unit}" if at % size == 0 else f"{at / size:g}{unit}"
    whole, part = divmod(at, SECOND)
    decimals = f"{part:09}".rstrip("0")
    return f"{whole}.{decimals}s" if decimals else f"{whole}s"
