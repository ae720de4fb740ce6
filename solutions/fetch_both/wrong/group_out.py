# breaks first-error-out: the TaskGroup's ExceptionGroup comes out
import asyncio


async def fetch_both(left, right):
    async with asyncio.TaskGroup() as group:
        first = group.create_task(left())
        second = group.create_task(right())
    return first.result(), second.result()
