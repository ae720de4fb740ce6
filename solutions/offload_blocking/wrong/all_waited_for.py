# breaks first-error-out: waits for all calls, then raises the first error in order
import asyncio


async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    free = asyncio.Semaphore(threads)
    failed = False

    async def hash_one(blob):
        nonlocal failed
        async with free:
            if failed:
                return ""
            try:
                return await asyncio.to_thread(hash_fn, blob)
            except Exception:
                failed = True
                raise

    hashes = await asyncio.gather(
        *[hash_one(blob) for blob in blobs], return_exceptions=True
    )
    for each in hashes:
        if isinstance(each, Exception):
            raise each
    return hashes
