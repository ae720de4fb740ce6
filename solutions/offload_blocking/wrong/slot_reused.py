# breaks at-most-threads: believes that cancelling stops a thread, and uses its slot again
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    numbered = iter(enumerate(blobs))
    hashes = [""] * len(blobs)

    async def work():
        for place, blob in numbered:
            try:
                hashes[place] = await asyncio.to_thread(hash_fn, blob)
            except asyncio.CancelledError:
                continue

    workers = [asyncio.create_task(work()) for _ in range(threads)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
    return hashes
