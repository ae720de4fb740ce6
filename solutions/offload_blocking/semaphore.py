"""asyncio.to_thread, with a semaphore that counts the threads."""

import asyncio
from collections.abc import Callable, Sequence


async def hash_all(
    blobs: Sequence[bytes], hash_fn: Callable[[bytes], str], *, threads: int
) -> list[str]:
    if threads < 1:
        raise ValueError(f"threads must be at least 1, got {threads}")
    free = asyncio.Semaphore(threads)

    async def hash_one(blob: bytes) -> str:
        async with free:
            return await asyncio.to_thread(hash_fn, blob)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(hash_one(blob)) for blob in blobs]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
