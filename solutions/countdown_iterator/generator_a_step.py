"""Each walk makes a new generator when a cancelled step has ended the one before."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator


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
        self._left = start
        self._period = period
        self._numbers = self._from(wait=False)

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        try:
            return await anext(self._numbers)
        except asyncio.CancelledError:
            self._numbers = self._from(wait=True)
            raise

    async def _from(self, *, wait: bool) -> AsyncGenerator[int, None]:
        while self._left:
            if wait:
                await asyncio.sleep(self._period)
            wait = True
            self._left -= 1
            yield self._left + 1
