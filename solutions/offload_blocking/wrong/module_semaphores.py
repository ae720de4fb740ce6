# breaks own-threads: calls with the same `threads` share a semaphore of threads
import asyncio
import threading

free = {}


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    places = free.setdefault(threads, threading.Semaphore(threads))
    ended = False

    def hash_in_place(blob):
        with places:
            if ended:
                raise asyncio.CancelledError
            return hash_fn(blob)

    own = asyncio.Semaphore(threads)

    async def hash_one(blob):
        async with own:
            return await asyncio.to_thread(hash_in_place, blob)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(hash_one(blob)) for blob in blobs]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    finally:
        ended = True
    return [task.result() for task in tasks]
