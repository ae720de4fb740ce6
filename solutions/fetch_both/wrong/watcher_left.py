# breaks nothing-left: a task that watches for a timeout is never stopped
import asyncio

watchers = set()


async def fetch_both(left, right):
    async def watch():
        await asyncio.sleep(60)
        print("this takes long")

    watchers.add(asyncio.create_task(watch()))
    try:
        async with asyncio.TaskGroup() as group:
            first = group.create_task(left())
            second = group.create_task(right())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return first.result(), second.result()
