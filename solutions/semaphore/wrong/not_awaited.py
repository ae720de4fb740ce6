# breaks error-stops-rest: cancels the others but does not wait for their cleanup
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)

    async def fetch_in_slot(url):
        async with slots:
            return await fetch(url)

    tasks = [asyncio.create_task(fetch_in_slot(url)) for url in urls]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        raise
