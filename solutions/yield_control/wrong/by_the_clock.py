# breaks others-get-turns: gives a turn away only when much time has gone by
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    loop = asyncio.get_running_loop()
    polite_at = loop.time()
    results = []
    for item in items:
        results.append(work(item))
        if loop.time() - polite_at > 0.01:
            await asyncio.sleep(0)
            polite_at = loop.time()
    return results
