# breaks op-stopped: cancels op again and again until it is done
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    task = asyncio.create_task(op())
    try:
        done, _ = await asyncio.wait({task}, timeout=limit)
        if not done:
            while not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=0.1)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return default if task.cancelled() else task.result()
