# breaks chunks-travel: every item travels alone
import asyncio
from concurrent.futures import ProcessPoolExecutor


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(processes)
    try:
        calls = [loop.run_in_executor(pool, fn, item) for item in items]
        return list(await asyncio.gather(*calls))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
