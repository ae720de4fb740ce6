# breaks ends-with-op: looks every 50 ms whether op is done
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    if limit is None:
        return await op()
    task = asyncio.create_task(op())
    loop = asyncio.get_running_loop()
    end = loop.time() + limit
    try:
        while not task.done() and loop.time() < end:
            await asyncio.sleep(0.05)
        done = task.done()
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
