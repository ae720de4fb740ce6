# breaks error-cancels-other: cancels the other one and does not wait for its cleanup
import asyncio


async def fetch_both(left, right):
    tasks = asyncio.create_task(left()), asyncio.create_task(right())
    try:
        first, second = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
    return first, second
