# breaks default-at-limit: waits for op to its end and looks at the clock then
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    loop = asyncio.get_running_loop()
    start = loop.time()
    answer = await op()
    if limit is not None and loop.time() - start > limit:
        return default
    return answer
