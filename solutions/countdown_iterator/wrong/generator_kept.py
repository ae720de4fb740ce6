# breaks keeps-number: the generator inside is over after a cancelled step
import asyncio


class Countdown:
    def __init__(self, start, period):
        if start < 0 or period < 0:
            raise ValueError("start and period must be at least 0")
        self.start = start
        self.period = period

    def __aiter__(self):
        return Walk(self.numbers())

    async def numbers(self):
        number = self.start
        while number:
            yield number
            number -= 1
            if number:
                await asyncio.sleep(self.period)


class Walk:
    def __init__(self, numbers):
        self.numbers = numbers

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await anext(self.numbers)
