# breaks others-get-turns: awaits what is finished already, and that gives no turn away
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    finished.set_result(None)
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await finished
    return results
