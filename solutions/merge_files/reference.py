"""Reads in threads behind a semaphore; a thread that writes is always waited for."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4


async def merge_files(paths: Sequence[Path], out: Path, *, limit: int) -> int:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    parts = await read_all(paths, limit)
    # A name of its own, for another merge may be at work on the same file, and in the
    # same folder, for nothing else is sure to be the same file system.
    temporary = out.with_name(f".{out.name}.{uuid4().hex}")
    writing = asyncio.create_task(asyncio.to_thread(write, temporary, parts))
    try:
        # A thread cannot be stopped: while it writes, its file may yet be made.
        await asyncio.shield(writing)
        await asyncio.to_thread(os.replace, temporary, out)
    except BaseException:
        await asyncio.gather(writing, return_exceptions=True)
        await asyncio.to_thread(temporary.unlink, missing_ok=True)
        raise
    return sum(map(len, parts))


async def read_all(paths: Sequence[Path], limit: int) -> list[bytes]:
    places = asyncio.Semaphore(limit)

    async def read(path: Path) -> bytes:
        async with places:
            return await asyncio.to_thread(path.read_bytes)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(read(path)) for path in paths]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def write(path: Path, parts: list[bytes]) -> None:
    with path.open("xb") as file:
        file.writelines(parts)
