# breaks context-follows: run_in_executor does not take the context along
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(threads)
    try:
        calls = [loop.run_in_executor(pool, hash_fn, blob) for blob in blobs]
        return await asyncio.gather(*calls)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
