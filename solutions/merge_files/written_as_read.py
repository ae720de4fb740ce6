"""Each part is written as soon as those before it are; the temporary file is made first."""

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import uuid4

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **keywords: P.kwargs) -> T:
    """Call a function in a thread and wait for its end, come what may."""
    call = asyncio.ensure_future(asyncio.to_thread(function, *args, **keywords))
    try:
        return await asyncio.shield(call)
    finally:
        await asyncio.gather(call, return_exceptions=True)


async def merge_files(paths: Sequence[Path], out: Path, *, limit: int) -> int:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    places = asyncio.Semaphore(limit)
    temporary = out.parent / f"{uuid4().hex}.tmp"

    async def read(path: Path) -> bytes:
        async with places:
            return await in_thread(path.read_bytes)

    async def write(reading: list[asyncio.Task[bytes]]) -> int:
        return sum([await in_thread(append, temporary, await task) for task in reading])

    try:
        await in_thread(temporary.touch)
        async with asyncio.TaskGroup() as group:
            reading = [group.create_task(read(path)) for path in paths]
            writing = group.create_task(write(reading))
        await in_thread(os.replace, temporary, out)
    except BaseException as error:
        await in_thread(temporary.unlink, missing_ok=True)
        if isinstance(error, BaseExceptionGroup):
            raise error.exceptions[0] from None
        raise
    return writing.result()


def append(path: Path, data: bytes) -> int:
    with path.open("ab") as file:
        return file.write(data)
