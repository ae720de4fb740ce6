"""Ordinary code in one thread, with a pool to read; it is told when nobody waits."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Event


class GivenUp(Exception):
    """Nobody waits for the result any more."""


async def merge_files(paths: Sequence[Path], out: Path, *, limit: int) -> int:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    given_up = Event()
    try:
        return await asyncio.to_thread(merge, paths, out, limit, given_up)
    except asyncio.CancelledError:
        given_up.set()
        raise


def merge(paths: Sequence[Path], out: Path, limit: int, given_up: Event) -> int:
    def read(path: Path) -> bytes:
        stop_if(given_up)
        try:
            return path.read_bytes()
        except OSError:
            given_up.set()
            raise

    with ThreadPoolExecutor(limit) as pool:
        parts = in_order([pool.submit(read, path) for path in paths])
    stop_if(given_up)
    with NamedTemporaryFile(dir=out.parent, delete=False) as file:
        temporary = Path(file.name)
        try:
            for part in parts:
                file.write(part)
            file.flush()
            stop_if(given_up)
            temporary.replace(out)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return sum(map(len, parts))


def stop_if(given_up: Event) -> None:
    if given_up.is_set():
        raise GivenUp


def in_order(reading: list[Future[bytes]]) -> list[bytes]:
    errors = [future.exception() for future in reading]
    for error in errors:
        if error is not None and not isinstance(error, GivenUp):
            raise error
    return [future.result() for future in reading]
