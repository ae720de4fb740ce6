# breaks results-in-order: hands out a tuple where a list was promised
import asyncio


async def fetch_all(fetch, urls):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return tuple(task.result() for task in tasks) if tasks else []
