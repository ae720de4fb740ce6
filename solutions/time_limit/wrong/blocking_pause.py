# breaks never-blocks: a short time.sleep, to give op time to clean up
import asyncio
import time


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    try:
        async with asyncio.timeout(limit) as scope:
            return await op()
    except TimeoutError:
        if scope.expired():
            time.sleep(0.01)
            return default
        raise
