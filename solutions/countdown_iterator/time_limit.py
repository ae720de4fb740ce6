"""Waits for an event that nobody sets, until the limit of the wait is over."""

import asyncio
from collections.abc import AsyncIterator


class Countdown:
    def __init__(self, start: int, period: float) -> None:
        if start < 0 or period < 0:
            raise ValueError("start and period must be at least 0")
        self._walk = lambda: _Walk(list(range(1, start + 1)), period)

    def __aiter__(self) -> AsyncIterator[int]:
        return self._walk()


class _Walk:
    def __init__(self, left: list[int], period: float) -> None:
        self._left = left
        self._period = period
        self._paused = True

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        if not self._left:
            raise StopAsyncIteration
        if not self._paused:
            await self._pause()
        self._paused = False
        return self._left.pop()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._period):
                await asyncio.Event().wait()
        except TimeoutError:
            self._paused = True
