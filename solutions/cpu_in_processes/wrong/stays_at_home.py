# breaks cannot-travel: what cannot be pickled is quietly called in a thread
import asyncio
import pickle
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    try:
        pickle.dumps(fn)
    except (pickle.PicklingError, AttributeError, TypeError):
        return await asyncio.to_thread(work_on, fn, items)
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
