# breaks cancel-at-once: a cancellation waits until the threads that run are done
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    pool = ThreadPoolExecutor(threads)
    calls = [pool.submit(copy_context().run, hash_fn, blob) for blob in blobs]
    try:
        return await asyncio.gather(*[asyncio.wrap_future(call) for call in calls])
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        running = [asyncio.wrap_future(call) for call in calls if not call.done()]
        await asyncio.gather(*running, return_exceptions=True)
