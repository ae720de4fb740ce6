# breaks cancel-drops-rest: the thread that maps is not told, and works off its queue
import asyncio
from concurrent.futures import ProcessPoolExecutor


async def parallel_map(fn, items, *, processes, chunk=1):
    if processes < 1 or chunk < 1:
        raise ValueError("processes and chunk must be at least 1")

    def map_all():
        with ProcessPoolExecutor(processes) as pool:
            return list(pool.map(fn, items, chunksize=chunk))

    return await asyncio.to_thread(map_all)
