# breaks cancel-in-time: one call in a thread writes and replaces: it goes on when its caller is cancelled
import asyncio
import os
from uuid import uuid4


async def merge_files(paths, out, *, limit):
    if limit < 1:
        raise ValueError("limit")
    parts = await read_all(paths, limit)
    await asyncio.to_thread(replace, out, parts)
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


def replace(out, parts):
    temporary = out.with_name(f".{out.name}.{uuid4().hex}")
    try:
        write(temporary, parts)
        os.replace(temporary, out)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write(path, parts):
    with path.open("xb") as file:
        file.writelines(parts)
