# breaks loops-thread: the work is done in another thread
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for item in items:
        results.append(await asyncio.to_thread(work, item))
    return results
