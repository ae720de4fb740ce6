# breaks bad-threads: no blobs are answered before `threads` is looked at
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if not blobs:
        return []
    if threads < 1:
        raise ValueError("threads")
    free = asyncio.Semaphore(threads)

    async def hash_one(blob):
        async with free:
            return await asyncio.to_thread(hash_fn, blob)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(hash_one(blob)) for blob in blobs]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
