# breaks error-comes-out: the group of the TaskGroup comes out
import asyncio
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()

    async def send(part):
        return await loop.run_in_executor(pool, work_on, fn, part)

    pool = ProcessPoolExecutor(processes)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(send(items[at : at + chunk]))
                for at in range(0, len(items), chunk)
            ]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [result for task in tasks for result in task.result()]
