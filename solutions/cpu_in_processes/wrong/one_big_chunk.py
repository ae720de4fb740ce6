# breaks workers-busy: everything travels in one chunk to one worker
import asyncio
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(processes)
    try:
        return await loop.run_in_executor(pool, work_on, fn, items)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
