"""Each walk knows when its next number is due."""

import asyncio
from collections.abc import AsyncIterator


class Countdown:
    def __init__(self, start: int, period: float) -> None:
        if start < 0:
            raise ValueError(f"start must be at least 0, got {start}")
        if period < 0:
            raise ValueError(f"period must be at least 0, got {period}")
        self._start = start
        self._period = period

    def __aiter__(self) -> AsyncIterator[int]:
        return _Walk(range(self._start, 0, -1), self._period)


class _Walk:
    def __init__(self, numbers: range, period: float) -> None:
        self._numbers = numbers
        self._period = period
        self._due: float | None = None

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        if not self._numbers:
            raise StopAsyncIteration
        loop = asyncio.get_running_loop()
        if self._due is not None and loop.time() < self._due:
            await asyncio.sleep(self._due - loop.time())
        self._due = loop.time() + self._period
        number, self._numbers = self._numbers[0], self._numbers[1:]
        return number
