# breaks first-error-out: takes the last error of the group, which may be one of a cleanup
import asyncio


async def fetch_all(fetch, urls):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[-1] from None
    return [task.result() for task in tasks]
