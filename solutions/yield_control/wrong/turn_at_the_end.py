# breaks others-get-turns: gives a turn away only when all is done
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = [work(item) for item in items]
    await asyncio.sleep(0)
    return results
