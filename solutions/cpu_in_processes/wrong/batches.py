# breaks workers-busy: a batch of chunks waits for the whole batch before
import asyncio
from concurrent.futures import ProcessPoolExecutor


def work_on(fn, chunk):
    return [fn(item) for item in chunk]


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    loop = asyncio.get_running_loop()
    chunks = [items[at : at + chunk] for at in range(0, len(items), chunk)]
    pool = ProcessPoolExecutor(processes)
    parts = []
    try:
        for at in range(0, len(chunks), processes):
            batch = chunks[at : at + processes]
            calls = [loop.run_in_executor(pool, work_on, fn, part) for part in batch]
            parts += await asyncio.gather(*calls)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [result for part in parts for result in part]
