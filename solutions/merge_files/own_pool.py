"""A pool of `limit` threads reads; the thread that writes looks whether it still may."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event


async def merge_files(paths: Sequence[Path], out: Path, *, limit: int) -> int:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(limit)
    given_up = Event()
    try:
        reading = [loop.run_in_executor(pool, path.read_bytes) for path in paths]
        parts = await asyncio.gather(*reading)
        return await loop.run_in_executor(pool, replace, out, parts, given_up)
    except BaseException:
        given_up.set()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def replace(out: Path, parts: list[bytes], given_up: Event) -> int:
    descriptor, temporary = tempfile.mkstemp(dir=out.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if not given_up.is_set():
            Path(temporary).replace(out)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return sum(map(len, parts))
