# breaks free-thread-used: hashes batches of `threads` and waits for the slowest of each
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    hashes = []
    for begin in range(0, len(blobs), threads):
        batch = blobs[begin : begin + threads]
        hashes += await asyncio.gather(
            *[asyncio.to_thread(hash_fn, blob) for blob in batch]
        )
    return hashes
