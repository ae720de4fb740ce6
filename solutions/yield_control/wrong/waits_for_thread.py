# breaks never-blocks: hands the work to a thread and stops the event loop until it is done
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def crunch(items, work, every=1):
    if every < 1:
        raise ValueError("every must be at least 1")
    results = []
    with ThreadPoolExecutor(1) as pool:
        for number, item in enumerate(items, 1):
            results.append(pool.submit(work, item).result())
            if number % every == 0:
                await asyncio.sleep(0)
    return results
