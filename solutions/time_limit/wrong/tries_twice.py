# breaks answer-comes-back: asks once more to have the answer
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    try:
        async with asyncio.timeout(limit) as scope:
            await op()
    except TimeoutError:
        if not scope.expired():
            raise
        return default
    return await op()
