# breaks cancel-noticed: catches CancelledError and goes on
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue
    return results
