# breaks bad-numbers: nobody looks at chunk, and below 0 nothing is left to do
import asyncio
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1:
        raise ValueError("processes must be at least 1")
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(processes)
    try:
        calls = [
            loop.run_in_executor(pool, work_on, fn, items[at : at + chunk])
            for at in range(0, len(items), chunk)
        ]
        parts = await asyncio.gather(*calls)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [result for part in parts for result in part]
