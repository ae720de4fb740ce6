# breaks free-thread-used: looks only now and then whether the threads are done
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    pool = ThreadPoolExecutor(threads)
    try:
        calls = [pool.submit(copy_context().run, hash_fn, blob) for blob in blobs]
        while not all(call.done() for call in calls):
            for call in calls:
                if call.done():
                    call.result()
            await asyncio.sleep(0.15)
        return [call.result() for call in calls]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
