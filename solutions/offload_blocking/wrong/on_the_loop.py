# breaks loop-stays-free: hash_fn is called on the loop's own thread
async def hash_all(blobs, hash_fn, *, threads):
    if threads < 1:
        raise ValueError("threads")
    return [hash_fn(blob) for blob in blobs]
