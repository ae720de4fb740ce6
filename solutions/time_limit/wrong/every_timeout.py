# breaks own-error-out: takes a TimeoutError of op for its own
import asyncio


async def fetch_or_default(op, limit, default):
    if limit is not None and limit <= 0:
        raise ValueError("limit")
    try:
        return await asyncio.wait_for(op(), limit)
    except TimeoutError:
        return default
