# breaks at-most-every: gives a turn away after five items at the soonest
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % max(every, 5) == 0:
            await asyncio.sleep(0)
    return results
