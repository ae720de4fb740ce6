# breaks both-at-once: a task is made and awaited before the other one is made
import asyncio


async def fetch_both(left, right):
    first = await asyncio.create_task(left())
    second = await asyncio.create_task(right())
    return first, second
