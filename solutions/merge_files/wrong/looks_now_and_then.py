# breaks free-place-used: looks only now and then whether a file has been read
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
    waiting = list(enumerate(paths))
    reading = {}
    parts = [b""] * len(paths)
    try:
        while waiting or reading:
            while waiting and len(reading) < limit:
                place, path = waiting.pop(0)
                task = asyncio.create_task(asyncio.to_thread(path.read_bytes))
                reading[place] = task
            await asyncio.sleep(0.1)
            for place, task in list(reading.items()):
                if task.done():
                    parts[place] = reading.pop(place).result()
    finally:
        for task in reading.values():
            task.cancel()
        await asyncio.gather(*reading.values(), return_exceptions=True)
    return parts


def write(path, parts):
    with path.open("xb") as file:
        file.writelines(parts)
