# breaks at-most-threads: every blob gets a thread of asyncio's own pool
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    tasks = [asyncio.create_task(asyncio.to_thread(hash_fn, blob)) for blob in blobs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
