# breaks op-stopped: shields op from the cancellation at the limit
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    task = asyncio.create_task(op())
    try:
        return await asyncio.wait_for(asyncio.shield(task), limit)
    except TimeoutError:
        if task.done():
            return task.result()
        return default
