# breaks no-complaints: makes one coroutine more than it awaits
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    turn = asyncio.sleep(0)
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            turn = asyncio.sleep(0)
            await turn
    return results
