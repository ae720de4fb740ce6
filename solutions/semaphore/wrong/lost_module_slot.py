# breaks works-after-error: the slots of the module are not given back by a failed fetch
import asyncio

SLOTS = {}


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    key = (limit, asyncio.get_running_loop())
    slots = SLOTS.setdefault(key, asyncio.Semaphore(limit))

    async def fetch_in_slot(url):
        await slots.acquire()
        page = await fetch(url)
        slots.release()
        return page

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_in_slot(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
