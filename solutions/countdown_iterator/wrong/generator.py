# breaks keeps-number: a generator that is cancelled in its wait is over
import asyncio


class Countdown:
    def __init__(self, start, period):
        if start < 0 or period < 0:
            raise ValueError("start and period must be at least 0")
        self.start = start
        self.period = period

    async def __aiter__(self):
        for number in range(self.start, 0, -1):
            if number < self.start:
                await asyncio.sleep(self.period)
            yield number
