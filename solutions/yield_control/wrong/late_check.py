# breaks bad-every: looks at every only when an item has been worked on
import asyncio


async def crunch(items, work, every=1):
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if every < 1:
            raise ValueError("every must be at least 1")
        if number % every == 0:
            await asyncio.sleep(0)
    return results
