# breaks error-comes-out: a missing file is skipped
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
            try:
                return await asyncio.to_thread(path.read_bytes)
            except FileNotFoundError:
                return b""

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read(path)) for path in paths]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def write(path, parts):
    with path.open("xb") as file:
        file.writelines(parts)
