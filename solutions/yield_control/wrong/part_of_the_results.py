# breaks cancel-noticed: a cancelled job returns what it has so far
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    try:
        for number, item in enumerate(items, 1):
            results.append(work(item))
            if number % every == 0:
                await asyncio.sleep(0)
    except asyncio.CancelledError:
        pass
    return results
