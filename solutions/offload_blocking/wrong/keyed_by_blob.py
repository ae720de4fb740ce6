# breaks results-in-order: a dict holds a blob once, however often it occurs
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    free = asyncio.Semaphore(threads)
    hashes = {}

    async def hash_one(blob):
        async with free:
            hashes[blob] = await asyncio.to_thread(hash_fn, blob)

    try:
        async with asyncio.TaskGroup() as group:
            for blob in dict.fromkeys(blobs):
                group.create_task(hash_one(blob))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [hashes[blob] for blob in blobs]
