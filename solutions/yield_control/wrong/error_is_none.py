# breaks work-error-out: an error of work becomes a None among the results
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    for number, item in enumerate(items, 1):
        try:
            results.append(work(item))
        except Exception:
            results.append(None)
        if number % every == 0:
            await asyncio.sleep(0)
    return results
