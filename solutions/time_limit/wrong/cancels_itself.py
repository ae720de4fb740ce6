# breaks callers-timeout: cancels its own task and never takes that back
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    rang = False
    me = asyncio.current_task()

    def ring():
        nonlocal rang
        rang = True
        me.cancel()

    timer = None
    if limit is not None:
        timer = asyncio.get_running_loop().call_later(limit, ring)
    before = me.cancelling()
    try:
        return await op()
    except asyncio.CancelledError:
        if rang and me.cancelling() == before + 1:
            return default
        raise
    finally:
        if timer is not None:
            timer.cancel()
