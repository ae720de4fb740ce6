# breaks starts-in-order: workers take the urls from the end of the list
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    waiting = list(enumerate(urls))
    results = [""] * len(waiting)

    async def work():
        while waiting:
            place, url = waiting.pop()
            results[place] = await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(limit, len(waiting))):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return results
