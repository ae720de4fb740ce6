# breaks no-complaints: a cancelled step's timer still rings, for a future that is gone
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
        if not self.first:
            loop = asyncio.get_running_loop()
            rung = loop.create_future()
            loop.call_later(self.period, rung.set_result, None)
            await rung
        self.first = False
        self.left -= 1
        return self.left + 1
