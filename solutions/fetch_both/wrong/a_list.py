# breaks left-then-right: hands out the list that gather gives
import asyncio


async def fetch_both(left, right):
    tasks = [asyncio.create_task(left()), asyncio.create_task(right())]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
