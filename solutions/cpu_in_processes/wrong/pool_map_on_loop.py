# breaks loop-stays-free: Pool.map waits for all results on the loop's thread
import multiprocessing


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")
    with multiprocessing.Pool(processes) as pool:
        return pool.map(fn, items, chunksize=chunk)
