# breaks none-no-limit: None becomes a minute
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    try:
        async with asyncio.timeout(limit or 60) as scope:
            return await op()
    except TimeoutError:
        if scope.expired():
            return default
        raise
