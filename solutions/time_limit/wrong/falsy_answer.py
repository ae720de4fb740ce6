# breaks answer-comes-back: an answer that is false counts as none
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    answer = None
    try:
        async with asyncio.timeout(limit) as scope:
            answer = await op()
    except TimeoutError:
        if not scope.expired():
            raise
    return answer or default
