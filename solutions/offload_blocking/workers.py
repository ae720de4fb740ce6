"""As many workers as threads, all taking blobs from one iterator."""

import asyncio
from collections.abc import Callable, Sequence


async def hash_all(
    blobs: Sequence[bytes], hash_fn: Callable[[bytes], str], *, threads: int
) -> list[str]:
    if threads < 1:
        raise ValueError(f"threads must be at least 1, got {threads}")
    numbered = iter(enumerate(blobs))
    hashes = [""] * len(blobs)

    async def work() -> None:
        for place, blob in numbered:
            hashes[place] = await asyncio.to_thread(hash_fn, blob)

    workers = [asyncio.create_task(work()) for _ in range(min(threads, len(blobs)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return hashes
