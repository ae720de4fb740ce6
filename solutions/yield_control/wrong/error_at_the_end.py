# breaks work-error-out: goes on after an error and raises it at the end
import asyncio


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results, errors = [], []
    for number, item in enumerate(items, 1):
        try:
            results.append(work(item))
        except Exception as error:
            errors.append(error)
        if number % every == 0:
            await asyncio.sleep(0)
    if errors:
        raise errors[0]
    return results
