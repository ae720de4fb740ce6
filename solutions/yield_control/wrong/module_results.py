# breaks own-results: the results are kept in the module, which all calls share
import asyncio


results = []


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results.clear()
    for number, item in enumerate(items, 1):
        results.append(work(item))
        if number % every == 0:
            await asyncio.sleep(0)
    return list(results)
