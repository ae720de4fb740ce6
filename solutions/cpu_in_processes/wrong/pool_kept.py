# breaks nothing-left: the pools are kept in the module, for the next call
import asyncio
from concurrent.futures import ProcessPoolExecutor

pools = {}


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    pool = pools.setdefault(processes, ProcessPoolExecutor(processes))
    calls = [
        loop.run_in_executor(pool, work_on, fn, items[at : at + chunk])
        for at in range(0, len(items), chunk)
    ]
    try:
        parts = await asyncio.gather(*calls)
    finally:
        for call in calls:
            call.cancel()
    return [result for part in parts for result in part]
