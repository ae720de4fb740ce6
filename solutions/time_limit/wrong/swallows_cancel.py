# breaks cancel-clean: takes any cancellation for the one at the limit
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    task = asyncio.create_task(op())
    timer = None
    if limit is not None:
        timer = asyncio.get_running_loop().call_later(limit, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return default
    finally:
        if timer is not None:
            timer.cancel()
