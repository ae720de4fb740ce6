# breaks nothing-left: a pool for each call, and none is ever shut down
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

pools = []


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    loop = asyncio.get_running_loop()
    pools.append(ThreadPoolExecutor(threads))
    calls = [
        loop.run_in_executor(pools[-1], copy_context().run, hash_fn, blob)
        for blob in blobs
    ]
    try:
        return await asyncio.gather(*calls)
    finally:
        for call in calls:
            call.cancel()
