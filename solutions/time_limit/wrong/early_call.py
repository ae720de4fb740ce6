# breaks no-complaints: calls op before it looks at the limit
import asyncio


async def fetch_or_default(op, limit, default):
    answer = op()
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    try:
        async with asyncio.timeout(limit) as scope:
            return await answer
    except TimeoutError:
        if scope.expired():
            return default
        raise
