# breaks free-thread-used: only one thread is ever used
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    return [await asyncio.to_thread(hash_fn, blob) for blob in blobs]
