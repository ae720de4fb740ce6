# breaks results-in-order: the results stand in the order in which they arrived
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)
    results = []

    async def fetch_in_slot(url):
        async with slots:
            results.append(await fetch(url))

    try:
        async with asyncio.TaskGroup() as group:
            for url in urls:
                group.create_task(fetch_in_slot(url))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return results
