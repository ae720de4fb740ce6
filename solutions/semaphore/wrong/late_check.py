# breaks bad-limit: an empty list of urls is answered before the limit is looked at
import asyncio


async def fetch_limited(fetch, urls, limit):
    wanted = list(urls)
    if not wanted:
        return []
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)

    async def fetch_in_slot(url):
        async with slots:
            return await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_in_slot(url)) for url in wanted]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
