# breaks free-slot-used: a lock lets in only one, whatever the limit is
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    lock = asyncio.Lock()

    async def fetch_alone(url):
        async with lock:
            return await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_alone(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
