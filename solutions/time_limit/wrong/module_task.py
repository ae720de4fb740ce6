# breaks own-limits: the task is kept in the module, which two calls share
import asyncio

task = None


async def fetch_or_default(op, limit, default):
    global task
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    task = asyncio.create_task(op())
    try:
        done, _ = await asyncio.wait({task}, timeout=limit)
        if not done:
            task.cancel()
            await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    if done:
        return task.result()
    return default if task.cancelled() else task.result()
