# breaks at-most-limit: the semaphore is held while a task is made, not while it fetches
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)

    async def fetch_one(url):
        return await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = []
            for url in urls:
                async with slots:
                    tasks.append(group.create_task(fetch_one(url)))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
