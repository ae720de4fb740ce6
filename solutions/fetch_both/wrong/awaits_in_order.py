# breaks first-error-out: while it waits for the left one it does not see the right one fail
import asyncio


async def fetch_both(left, right):
    tasks = asyncio.create_task(left()), asyncio.create_task(right())
    try:
        return await tasks[0], await tasks[1]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
