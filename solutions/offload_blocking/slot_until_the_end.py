"""A slot is given back when its thread has ended, even if nobody waits for it."""

import asyncio
from collections.abc import Callable, Sequence


async def hash_all(
    blobs: Sequence[bytes], hash_fn: Callable[[bytes], str], *, threads: int
) -> list[str]:
    if threads < 1:
        raise ValueError(f"threads must be at least 1, got {threads}")
    free = asyncio.Semaphore(threads)

    async def hash_one(blob: bytes) -> str:
        await free.acquire()
        call = asyncio.ensure_future(asyncio.to_thread(hash_fn, blob))
        call.add_done_callback(give_back)
        return await asyncio.shield(call)

    def give_back(call: asyncio.Future[str]) -> None:
        free.release()
        if not call.cancelled():
            call.exception()  # or asyncio complains that nobody looked at it

    tasks = [asyncio.create_task(hash_one(blob)) for blob in blobs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
