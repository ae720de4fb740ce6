# breaks ends-with-slowest: sleeps a little, to let everything settle
import asyncio


async def fetch_all(fetch, urls):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    await asyncio.sleep(0.1)
    return [task.result() for task in tasks]
