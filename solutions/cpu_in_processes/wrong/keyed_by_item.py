# breaks each-item-once: the items are keys of a dict, where each occurs once
import asyncio
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    results = dict.fromkeys(items)
    distinct = list(results)
    pool = ProcessPoolExecutor(processes)
    try:
        calls = [
            loop.run_in_executor(pool, work_on, fn, distinct[at : at + chunk])
            for at in range(0, len(distinct), chunk)
        ]
        parts = await asyncio.gather(*calls)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    results.update(zip(distinct, [result for part in parts for result in part]))
    return [results[item] for item in items]
