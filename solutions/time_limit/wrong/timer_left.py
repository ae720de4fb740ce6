# breaks no-timer-left: the timer is never put away
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    task = asyncio.create_task(op())
    rang = False

    def ring():
        nonlocal rang
        rang = True
        task.cancel()

    if limit is not None:
        asyncio.get_running_loop().call_later(limit, ring)
    before = asyncio.current_task().cancelling()
    try:
        return await task
    except asyncio.CancelledError:
        if rang and asyncio.current_task().cancelling() == before:
            return default
        raise
