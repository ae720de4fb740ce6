# breaks workers-busy: each chunk waits for the one before
import asyncio
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(processes)
    results = []
    try:
        for at in range(0, len(items), chunk):
            part = items[at : at + chunk]
            results += await loop.run_in_executor(pool, work_on, fn, part)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return results
