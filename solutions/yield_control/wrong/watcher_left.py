# breaks nothing-left: a task that reports how far it is is never stopped
import asyncio


watchers = set()


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []

    async def report():
        while True:
            await asyncio.sleep(60)
            print(len(results), "done")

    watchers.add(asyncio.create_task(report()))
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await asyncio.sleep(0)
    return results
