# breaks others-get-turns: asks for a turn and does not wait for it
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    loop = asyncio.get_running_loop()
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            loop.call_soon(lambda: None)
    return results
