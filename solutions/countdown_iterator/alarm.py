"""A future and a timer for each step; the timer is taken back if the step is cancelled."""

import asyncio
from collections.abc import AsyncIterator


class Countdown:
    def __init__(self, start: int, period: float) -> None:
        if min(start, period) < 0:
            raise ValueError("nothing may be negative")
        self.start = start
        self.period = period

    def __aiter__(self) -> AsyncIterator[int]:
        return _Steps(self)


class _Steps:
    def __init__(self, countdown: Countdown) -> None:
        self.countdown = countdown
        self.left = countdown.start

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        if not self.left:
            raise StopAsyncIteration
        if self.left < self.countdown.start:
            await self._ring()
        self.left -= 1
        return self.left + 1

    async def _ring(self) -> None:
        loop = asyncio.get_running_loop()
        rung = loop.create_future()
        timer = loop.call_later(self.countdown.period, rung.set_result, None)
        try:
            await rung
        finally:
            timer.cancel()
