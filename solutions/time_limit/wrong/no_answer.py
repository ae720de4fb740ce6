# breaks default-at-limit: lets the TimeoutError of the limit out
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    try:
        async with asyncio.timeout(limit) as scope:
            return await op()
    except TimeoutError:
        if not scope.expired():
            raise
        raise TimeoutError(f"no answer within {limit} s") from None
