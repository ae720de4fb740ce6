# breaks out-among-paths: opens out to write before it is read as one of the files
import asyncio

import aiofiles


async def merge_files(paths, out, *, limit):
    if limit < 1:
        raise ValueError("limit")
    async with aiofiles.open(out, "wb") as target:
        parts = await read_all(paths, limit)
        for part in parts:
            await target.write(part)
    return sum(map(len, parts))


async def read_all(paths, limit):
    places = asyncio.Semaphore(limit)

    async def read(path):
        async with places:
            return await asyncio.to_thread(path.read_bytes)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read(path)) for path in paths]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
