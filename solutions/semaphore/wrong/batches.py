# breaks free-slot-used: fetches batches of `limit` and waits for the slowest of each
import asyncio


async def fetch_limited(fetch, urls, limit):
    if limit < 1:
        raise ValueError("limit")

    async def fetch_one(url):
        return await fetch(url)

    wanted = list(urls)
    results = []
    for begin in range(0, len(wanted), limit):
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(fetch_one(url))
                    for url in wanted[begin : begin + limit]
                ]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        results += [task.result() for task in tasks]
    return results
