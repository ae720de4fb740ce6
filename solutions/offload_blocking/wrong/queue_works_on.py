# breaks error-stops-queue: the pool is shut down, but its queue is worked off all the same
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(threads)
    calls = [pool.submit(copy_context().run, hash_fn, blob) for blob in blobs]
    waiting = [asyncio.shield(asyncio.wrap_future(call, loop=loop)) for call in calls]
    try:
        return await asyncio.gather(*waiting)
    finally:
        pool.shutdown(wait=False)
