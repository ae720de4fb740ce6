"""Read many, write one, atomically: see README.md."""

from collections.abc import Sequence
from pathlib import Path


async def merge_files(paths: Sequence[Path], out: Path, *, limit: int) -> int:
    """Write the bytes of all ``paths``, in this order, to ``out``; return their number.

    At most ``limit`` of them are open at once, and no call for a file is made on the
    thread of the event loop. ``out`` holds what it held before until all is written to
    a temporary file beside it, which then takes its place.
    Raises ValueError if ``limit`` is below 1, before any file is opened.
    """
    raise NotImplementedError
