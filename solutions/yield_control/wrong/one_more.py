# breaks at-most-every: gives a turn away after every + 1 items
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    since = 0
    for item in items:
        results.append(work(item))
        if since == every:
            await asyncio.sleep(0)
            since = 0
        else:
            since += 1
    return results
