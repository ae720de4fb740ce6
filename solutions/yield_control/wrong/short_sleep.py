# breaks takes-no-time: sleeps a millisecond each time
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await asyncio.sleep(0.001)
    return results
