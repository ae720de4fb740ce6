# breaks ends-with-op: asks the clock again and again, and time stands still
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    task = asyncio.create_task(op())
    loop = asyncio.get_running_loop()
    end = None if limit is None else loop.time() + limit
    while not task.done():
        if end is not None and loop.time() >= end:
            task.cancel()
            await asyncio.wait({task})
            return default
        await asyncio.sleep(0)
    return task.result()
