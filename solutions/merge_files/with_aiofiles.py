"""aiofiles, whose calls are threads too: a task writes, and is waited for."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import aiofiles
import aiofiles.os


async def merge_files(paths: Sequence[Path], out: Path, *, limit: int) -> int:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    places = asyncio.Semaphore(limit)

    async def read(path: Path) -> bytes:
        async with places, aiofiles.open(path, "rb") as file:
            return await file.read()

    tasks = [asyncio.create_task(read(path)) for path in paths]
    try:
        parts = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    temporary = out.with_name(f"{out.name}.{uuid4()}.tmp")
    writing = asyncio.create_task(write(temporary, parts))
    try:
        await asyncio.shield(writing)
        await aiofiles.os.replace(temporary, out)
    finally:
        await asyncio.gather(writing, return_exceptions=True)
        with suppress(FileNotFoundError):
            await aiofiles.os.remove(temporary)
    return sum(len(part) for part in parts)


async def write(path: Path, parts: list[bytes]) -> None:
    async with aiofiles.open(path, "wb") as file:
        for part in parts:
            await file.write(part)
