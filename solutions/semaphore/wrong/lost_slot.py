# breaks first-error-out: a failed fetch keeps its slot, and the waiting ones wait for ever
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)

    async def fetch_in_slot(url):
        await slots.acquire()
        page = await fetch(url)
        slots.release()
        return page

    tasks = [asyncio.create_task(fetch_in_slot(url)) for url in urls]
    try:
        results = await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
