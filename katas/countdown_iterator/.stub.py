"""The protocol by hand: see README.md."""

from collections.abc import AsyncIterator


class Countdown:
    """Counts from ``start`` down to 1, with ``period`` seconds between two numbers."""

    def __init__(self, start: int, period: float) -> None:
        """Raise ValueError if ``start`` or ``period`` is negative."""
        raise NotImplementedError

    def __aiter__(self) -> AsyncIterator[int]:
        """Return a new countdown from the beginning.

        A step of it that is cancelled eats no number: the next step waits again and
        gives it. When it is over it stays over.
        """
        raise NotImplementedError
