# breaks loop-stays-free: waits for the futures of a pool without await
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    pool = ThreadPoolExecutor(threads)
    try:
        calls = [pool.submit(copy_context().run, hash_fn, blob) for blob in blobs]
        for call in as_completed(calls):
            call.result()
        return [call.result() for call in calls]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
