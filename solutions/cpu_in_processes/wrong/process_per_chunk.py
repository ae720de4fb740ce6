# breaks at-most-processes: each chunk has a new process of its own
import asyncio
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    free = asyncio.Semaphore(processes)

    async def send(part):
        async with free:
            pool = ProcessPoolExecutor(1)
            try:
                return await loop.run_in_executor(pool, work_on, fn, part)
            finally:
                await asyncio.to_thread(pool.shutdown)

    tasks = [
        asyncio.create_task(send(items[at : at + chunk]))
        for at in range(0, len(items), chunk)
    ]
    try:
        parts = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [result for part in parts for result in part]
