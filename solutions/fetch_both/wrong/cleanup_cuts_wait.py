# breaks cancel-both: when the cleanup of one fails, it no longer waits for the other one
import asyncio
from contextlib import suppress


async def fetch_both(left, right):
    tasks = asyncio.create_task(left()), asyncio.create_task(right())
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        raise
    failed = [task for task in tasks if task.done() and task.exception()]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    if failed:
        raise failed[0].exception()
    return tasks[0].result(), tasks[1].result()
