# breaks bad-every: does not look whether every is good
import asyncio


async def crunch(items, work, every=1):
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await asyncio.sleep(0)
    return results
