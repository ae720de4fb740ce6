# breaks second-loop: it keeps the loop that it was first walked in
import asyncio

LOOPS = []


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
            rung = LOOPS[0].create_future()
            timer = LOOPS[0].call_later(self.period, rung.set_result, None)
            try:
                await rung
            finally:
                timer.cancel()
        elif not LOOPS:
            LOOPS.append(asyncio.get_running_loop())
        self.first = False
        self.left -= 1
        return self.left + 1
