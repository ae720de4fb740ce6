"""What child processes do: functions that they can import."""

from __future__ import annotations

import os
import time
from pathlib import Path

from .waiting import AT_MOST


def square(number: int) -> tuple[int, int]:
    """Return the square and who made it."""
    return number * number, os.getpid()


def meet(place: tuple[Path, int]) -> int:
    """Wait until so many processes are here, and return which this one is."""
    folder, number = place
    (folder / str(os.getpid())).touch()
    wait_for(lambda: len([*folder.iterdir()]) >= number)
    return os.getpid()


def wait_for_file(path: Path) -> int:
    """Say who is at work beside a file, and wait until it is there."""
    (path.parent / str(os.getpid())).touch()
    wait_for(path.exists)
    return os.getpid()


def wait_for(holds: object) -> None:
    deadline = time.monotonic() + AT_MOST
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.01)


def fail(number: int) -> int:
    """Fail for 5, and say of every other that it was there."""
    if number == 5:
        raise ZeroDivisionError("five")
    return number


def die(number: int) -> int:
    """End the process for 5, as a crash does."""
    if number == 5:
        os._exit(3)
    return number
