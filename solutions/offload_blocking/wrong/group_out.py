# breaks first-error-out: the group of the TaskGroup comes out
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    free = asyncio.Semaphore(threads)

    async def hash_one(blob):
        async with free:
            return await asyncio.to_thread(hash_fn, blob)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(hash_one(blob)) for blob in blobs]
    return [task.result() for task in tasks]
