"""The draws of a case that are no input: which of several goes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Tape:
    """A list of drawn numbers, read from the front; past its end every draw is 0.

    An empty tape is first come, first served, so shrinking a tape leads there.
    """

    def __init__(self, draws: Sequence[int] = ()) -> None:
        self.draws = tuple(draws)
        self._read = 0

    def choose(self, count: int) -> int:
        """Return a number below `count`; costs a draw only if there is a choice."""
        if count <= 1 or self._read >= len(self.draws):
            return 0
        draw = self.draws[self._read]
        self._read += 1
        return draw % count

    def order(self, items: Sequence[_T]) -> list[_T]:
        """Return the items in a drawn order."""
        left = list(items)
        return [left.pop(self.choose(len(left))) for _ in range(len(left))]
