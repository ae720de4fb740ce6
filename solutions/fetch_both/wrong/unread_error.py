# breaks no-complaints: when both fail at once, nobody looks at the second error
import asyncio


async def fetch_both(left, right):
    tasks = asyncio.create_task(left()), asyncio.create_task(right())
    running = set(tasks)
    try:
        while running:
            done, running = await asyncio.wait(
                running, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
    return tasks[0].result(), tasks[1].result()
