# breaks cancel-all: shields the fetches from the caller's cancellation
import asyncio


async def fetch_all(fetch, urls):
    return await asyncio.shield(asyncio.create_task(fetch_them(fetch, urls)))


async def fetch_them(fetch, urls):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
