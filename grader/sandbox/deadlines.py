"""How long may a player take, and how much may it say?"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Literal

WALL_SECONDS = 30.0
"""How long a player may stay silent, whatever it does; far beyond any real run."""

ORDER_SECONDS = 120.0
"""How long it may take for one order of the judge, however much it says meanwhile."""

CPU_SECONDS = 4.0
"""Processor time after which the judge ends a player that did not end itself."""

MAX_BYTES = 16 << 20
"""What a player may say in answer to one order: several times what the longest run says."""


GAP = 5.0
"""Seconds between two looks at the clock, of which only so many count: see `Clock`."""


class Clock:
    """Seconds that pass, but for those in which this process did not run.

    A judge that waits looks at the clock at every tick. If it did not for long, it was
    stopped, by Ctrl-Z say: whoever spoke meanwhile was not heard, and is not late.
    """

    def __init__(self) -> None:
        self._read = time.monotonic()
        self._lost = 0.0

    def __call__(self) -> float:
        """Return the seconds since some moment."""
        now = time.monotonic()
        self._lost += max(0.0, now - self._read - GAP)
        self._read = now
        return now - self._lost


clock = Clock()
"""The clock that all deadlines of real time are held against."""


class OutOfTime(Exception):
    """The player used up its time without a word."""

    def __init__(self, what: Literal["wall time", "processor time"]) -> None:
        super().__init__(f"ran out of {what}")
        self.what: Literal["wall time", "processor time"] = what


@dataclass(frozen=True)
class Deadlines:
    """What the judge grants a player, in seconds.

    `tick` is how often it looks, `farewell` how long the sandbox may take to end.
    """

    silence: float = WALL_SECONDS
    order: float = ORDER_SECONDS
    processor: float = CPU_SECONDS
    tick: float = 0.5
    farewell: float = 5.0


class Watch:
    """Looks at the clocks while a player works on an order."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._order_ends = 0.0
        self._silence_ends = 0.0
        self._next_look = 0.0
        self._spent_before = 0.0
        self.new_order(0.0)

    def new_order(self, spent: float) -> None:
        """Start all clocks; `spent` is the player's processor time so far."""
        self._order_ends = clock() + self._deadlines.order
        self._spent_before = spent
        self.new_turn()

    def new_turn(self) -> None:
        """Start the clock of silence: it is the player's turn to speak."""
        self._silence_ends = clock() + self._deadlines.silence

    def is_due(self) -> bool:
        """Say whether it is time for another look."""
        return clock() >= self._next_look

    def look(self, spent: float, allowance: float) -> None:
        """Raise `OutOfTime` if one of the clocks has run out."""
        now = clock()
        self._next_look = now + self._deadlines.tick
        if now > min(self._silence_ends, self._order_ends):
            raise OutOfTime("wall time")
        if spent - self._spent_before > self._deadlines.processor + allowance:
            raise OutOfTime("processor time")


def cpu_seconds(pid: int) -> float:
    """Return the processor time of another process (Linux; elsewhere 0)."""
    if sys.platform != "linux":
        return 0.0
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0
