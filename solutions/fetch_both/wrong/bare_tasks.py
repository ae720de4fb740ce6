# breaks first-error-out: two tasks awaited in turn, and nobody stops the other one
import asyncio


async def fetch_both(left, right):
    first = asyncio.create_task(left())
    second = asyncio.create_task(right())
    return await first, await second
