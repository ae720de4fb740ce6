# breaks loop-stays-free: empties the queue, but leaving the `with` waits for the calls that run
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    with ThreadPoolExecutor(threads) as pool:
        calls = [pool.submit(copy_context().run, hash_fn, blob) for blob in blobs]
        try:
            return await asyncio.gather(*[asyncio.wrap_future(call) for call in calls])
        finally:
            for call in calls:
                call.cancel()
