# breaks free-slot-used: asks again and again for a slot, and time never moves
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    busy = 0

    async def fetch_in_slot(url):
        nonlocal busy
        while busy >= limit:
            await asyncio.sleep(0)
        busy += 1
        try:
            return await fetch(url)
        finally:
            busy -= 1

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_in_slot(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
