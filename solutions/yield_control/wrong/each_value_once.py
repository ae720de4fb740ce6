# breaks once-each: an item that occurs twice is worked on once
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = {}
    for item in items:
        if item not in results:
            results[item] = work(item)
            await asyncio.sleep(0)
    return [results[item] for item in items]
