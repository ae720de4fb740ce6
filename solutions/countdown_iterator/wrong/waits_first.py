# breaks first-at-once: it waits before each number, the first one too
import asyncio


class Countdown:
    def __init__(self, start, period):
        if start < 0 or period < 0:
            raise ValueError("start and period must be at least 0")
        self.start = start
        self.period = period

    def __aiter__(self):
        return Walk(self.start, self.period)


class Walk:
    def __init__(self, start, period):
        self.left = start
        self.first = True
        self.period = period

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        await asyncio.sleep(self.period)
        self.left -= 1
        return self.left + 1
