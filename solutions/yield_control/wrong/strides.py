# breaks results-in-order: takes each so many-th item where slices are meant
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for first in range(every):
        for item in items[first::every]:
            results.append(work(item))
            await asyncio.sleep(0)
    return results
