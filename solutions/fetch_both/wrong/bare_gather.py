# breaks error-cancels-other: gather raises the error and lets the other one run on
import asyncio


async def fetch_both(left, right):
    return tuple(await asyncio.gather(left(), right()))
