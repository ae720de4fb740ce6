# breaks error-stops-reading: reads all other files before anybody looks for an error
import asyncio
import os
from uuid import uuid4


async def merge_files(paths, out, *, limit):
    if limit < 1:
        raise ValueError("limit")
    parts = await read_all(paths, limit)
    temporary = out.with_name(f".{out.name}.{uuid4().hex}")
    writing = asyncio.create_task(asyncio.to_thread(write, temporary, parts))
    try:
        await asyncio.shield(writing)
        await asyncio.to_thread(os.replace, temporary, out)
    except BaseException:
        await asyncio.gather(writing, return_exceptions=True)
        await asyncio.to_thread(temporary.unlink, missing_ok=True)
        raise
    return sum(map(len, parts))


async def read_all(paths, limit):
    places = asyncio.Semaphore(limit)

    async def read(path):
        async with places:
            return await asyncio.to_thread(path.read_bytes)

    parts = await asyncio.gather(*map(read, paths), return_exceptions=True)
    for part in parts:
        if isinstance(part, BaseException):
            raise part
    return parts


def write(path, parts):
    with path.open("xb") as file:
        file.writelines(parts)
