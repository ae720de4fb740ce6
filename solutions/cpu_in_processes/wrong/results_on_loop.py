# breaks loop-stays-free: the results of executor.map are taken on the loop's thread
from concurrent.futures import ProcessPoolExecutor


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    pool = ProcessPoolExecutor(processes)
    try:
        return list(pool.map(fn, items, chunksize=chunk))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
