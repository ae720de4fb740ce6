# breaks results-in-order: hashes come in the order in which the calls end
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    free = asyncio.Semaphore(threads)

    async def hash_one(blob):
        async with free:
            return await asyncio.to_thread(hash_fn, blob)

    tasks = [asyncio.create_task(hash_one(blob)) for blob in blobs]
    try:
        return [await each for each in asyncio.as_completed(tasks)]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
