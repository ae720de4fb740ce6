# breaks each-time-anew: makes one task for each different url
import asyncio


async def fetch_all(fetch, urls):
    wanted = list(urls)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {url: group.create_task(fetch(url)) for url in set(wanted)}
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [tasks[url].result() for url in wanted]
