# breaks others-get-turns: asyncio.sleep(0) is made and never awaited
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            asyncio.sleep(0)
    return results
