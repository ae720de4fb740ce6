# breaks error-stops-rest: plain gather, so after an error the others run on and start
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)

    async def fetch_in_slot(url):
        async with slots:
            return await fetch(url)

    return await asyncio.gather(*(fetch_in_slot(url) for url in urls))
