# breaks nothing-left: a task that watches for a timeout is never stopped
import asyncio

watchers = set()


async def fetch_all(fetch, urls):
    async def watch():
        await asyncio.sleep(60)
        print("this takes long")

    watchers.add(asyncio.create_task(watch()))
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
