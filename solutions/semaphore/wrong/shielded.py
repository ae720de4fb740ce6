# breaks cancel-clean: the fetches are shielded from the caller's cancellation
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit)

    async def fetch_in_slot(url):
        async with slots:
            return await fetch(url)

    async def fetch_all():
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(fetch_in_slot(url)) for url in urls]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    return await asyncio.shield(asyncio.create_task(fetch_all()))
