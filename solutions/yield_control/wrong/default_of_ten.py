# breaks at-most-every: `every` is 10 if nothing else is said
import asyncio


async def crunch(items, work, every=10):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await asyncio.sleep(0)
    return results
