# breaks results-in-order: a dict by url has one place for a url that occurs twice
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)
    wanted = list(urls)
    pages = {}

    async def fetch_in_slot(url):
        async with slots:
            pages[url] = await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            for url in wanted:
                group.create_task(fetch_in_slot(url))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [pages[url] for url in wanted]
