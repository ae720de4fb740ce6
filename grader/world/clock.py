"""What time it is in one run, and in which order things happen."""

from __future__ import annotations

from grader.world.record import Moment


class Clock:
    """The time of a run in nanoseconds, for all who live in it.

    It knows none of them, so that a run that nobody needs any more is gone at once.
    """

    def __init__(self) -> None:
        self.now = 0
        self._epoch = 0
        self._order = 0

    def begin(self) -> None:
        """Let the time of moments count from now on; their order goes on."""
        self._epoch = self.now

    def moment(self) -> Moment:
        """Return the moment of what happens now."""
        self._order += 1
        return Moment(self.now - self._epoch, self._order)
