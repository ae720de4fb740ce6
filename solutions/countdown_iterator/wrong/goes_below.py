# breaks stays-over: only the number 0 ends it, and after that it counts on
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
        self.number = start + 1
        self.start = start
        self.period = period

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.start >= self.number > 1:
            await asyncio.sleep(self.period)
        self.number -= 1
        if self.number == 0:
            raise StopAsyncIteration
        return self.number
