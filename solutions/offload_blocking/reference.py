"""A pool of its own, taken down without waiting for its threads."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context


async def hash_all(
    blobs: Sequence[bytes], hash_fn: Callable[[bytes], str], *, threads: int
) -> list[str]:
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(threads)  # raises ValueError for less than one
    try:
        # A context of its own for each call: two threads cannot be in one at once.
        calls = [
            loop.run_in_executor(pool, copy_context().run, hash_fn, blob)
            for blob in blobs
        ]
        return await asyncio.gather(*calls)
    finally:
        # To wait here, as `with pool` does, would stop the whole loop.
        pool.shutdown(wait=False, cancel_futures=True)
