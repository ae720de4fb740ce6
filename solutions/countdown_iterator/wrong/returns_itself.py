# breaks begins-anew: all walks share the one counter of the object
import asyncio


class Countdown:
    def __init__(self, start, period):
        if start < 0 or period < 0:
            raise ValueError("start and period must be at least 0")
        self.start = start
        self.period = period
        self.left = start

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        if self.left < self.start:
            await asyncio.sleep(self.period)
        self.left -= 1
        return self.left + 1
