# breaks error-cancels-other: cancels the other one again while it cleans up
import asyncio


async def fetch_both(left, right):
    tasks = asyncio.create_task(left()), asyncio.create_task(right())
    try:
        first, second = await asyncio.gather(*tasks)
    finally:
        while not all(task.done() for task in tasks):
            for task in tasks:
                task.cancel()
            await asyncio.sleep(0)
    return first, second
