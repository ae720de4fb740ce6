# breaks all-or-nothing: writes into out itself: who looks meanwhile sees a part of it
import asyncio


async def merge_files(paths, out, *, limit):
    if limit < 1:
        raise ValueError("limit")
    parts = await read_all(paths, limit)
    await asyncio.to_thread(write, out, parts)
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


def write(path, parts):
    with path.open("wb") as file:
        file.writelines(parts)
