# breaks second-loop: the module's semaphore belongs to the first loop it waited in
import asyncio

free = {}


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    places = free.setdefault(threads, asyncio.Semaphore(threads))

    async def hash_one(blob):
        async with places:
            return await asyncio.to_thread(hash_fn, blob)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(hash_one(blob)) for blob in blobs]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
