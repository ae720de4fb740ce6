# breaks first-error-out: the TaskGroup's ExceptionGroup comes out
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)

    async def fetch_in_slot(url):
        async with slots:
            return await fetch(url)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch_in_slot(url)) for url in urls]
    return [task.result() for task in tasks]
