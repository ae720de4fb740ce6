# breaks results-in-order: the items after the last full slice are left out
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for number in range(len(items) // every):
        results += [work(item) for item in items[number * every : (number + 1) * every]]
        await asyncio.sleep(0)
    return results
