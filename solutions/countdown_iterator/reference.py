"""An iterator of its own for each walk; a number is gone only when its wait is over."""

import asyncio
from collections.abc import AsyncIterator


class Countdown:
    def __init__(self, start: int, period: float) -> None:
        if start < 0 or period < 0:
            raise ValueError("start and period must be at least 0")
        self._start = start
        self._period = period

    def __aiter__(self) -> AsyncIterator[int]:
        return _Walk(self._start, self._period)


class _Walk:
    def __init__(self, start: int, period: float) -> None:
        self._next = self._first = start
        self._period = period

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        if self._next == 0:
            raise StopAsyncIteration
        if self._next != self._first:
            await asyncio.sleep(self._period)
        number = self._next
        self._next -= 1
        return number
