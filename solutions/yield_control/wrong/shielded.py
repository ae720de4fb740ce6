# breaks nothing-left: the cancellation comes out and the work goes on behind a shield
import asyncio


async def worked_off(items, work, every):
    results = []
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await asyncio.sleep(0)
    return results


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    return await asyncio.shield(asyncio.create_task(worked_off(items, work, every)))
