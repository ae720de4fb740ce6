# breaks no-complaints: after the first error nobody looks at the error of another call
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(threads)
    calls = [
        loop.run_in_executor(pool, copy_context().run, hash_fn, blob) for blob in blobs
    ]
    try:
        if calls:
            await asyncio.wait(calls, return_when=asyncio.FIRST_EXCEPTION)
        for call in calls:
            if call.done():
                call.result()
        return [call.result() for call in calls]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
