# breaks second-loop: the loop of the first call is kept for the timers of all
import asyncio

loop = None


async def fetch_or_default(op, limit, default):
    global loop
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    loop = loop or asyncio.get_running_loop()
    before = asyncio.current_task().cancelling()
    task = asyncio.create_task(op())
    rang = False

    def ring():
        nonlocal rang
        rang = True
        task.cancel()

    timer = loop.call_later(limit, ring) if limit is not None else None
    try:
        return await task
    except asyncio.CancelledError:
        if rang and asyncio.current_task().cancelling() == before:
            return default
        raise
    finally:
        if timer is not None:
            timer.cancel()
