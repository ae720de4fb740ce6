# breaks loop-stays-free: leaving the `with` waits for the threads that run
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(threads) as pool:
        calls = [
            loop.run_in_executor(pool, copy_context().run, hash_fn, blob)
            for blob in blobs
        ]
        return await asyncio.gather(*calls)
