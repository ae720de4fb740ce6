# breaks nothing-left: the task that cancels op is left behind
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    task = asyncio.create_task(op())
    before = asyncio.current_task().cancelling()
    rang = False

    async def watch():
        nonlocal rang
        await asyncio.sleep(limit)
        rang = True
        task.cancel()

    if limit is not None:
        fetch_or_default.watcher = asyncio.create_task(watch())
    try:
        return await task
    except asyncio.CancelledError:
        if rang and asyncio.current_task().cancelling() == before:
            return default
        raise
