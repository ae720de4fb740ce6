# breaks own-workers: calls with the same number share its workers' places
import asyncio
from concurrent.futures import ProcessPoolExecutor

free = {}


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    places = free.setdefault((loop, processes), asyncio.Semaphore(processes))
    pool = ProcessPoolExecutor(processes)

    async def send(part):
        async with places:
            return await loop.run_in_executor(pool, work_on, fn, part)

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
        pool.shutdown(wait=False, cancel_futures=True)
    return [result for part in parts for result in part]
