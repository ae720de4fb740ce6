# breaks error-comes-out: gather gives the errors as results
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
        calls = [
            loop.run_in_executor(pool, work_on, fn, items[at : at + chunk])
            for at in range(0, len(items), chunk)
        ]
        parts = await asyncio.gather(*calls, return_exceptions=True)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [
        result
        for part in parts
        for result in (part if isinstance(part, list) else [part])
    ]
