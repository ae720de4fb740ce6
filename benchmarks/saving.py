"""How long it takes from a save to its screen, in `kata watch`: `make saving [SAVES=50]`.

A right answer to `semaphore` is saved again and again with another last line, in a terminal of
its own. What counts is the moment when the sum of points has been drawn.
"""

from __future__ import annotations

import os
import pty
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import empty_run, run

from grader.catalogue import find, root

KATA = Path(sys.executable).with_name("kata")
SLUG = "semaphore"
DRAWN = b"100 of 100 points"
FOOT = b"q:quit"


def main() -> None:
    """Print the median and the 95th percentile."""
    # The first one has the process start its sandbox.
    later = sorted(saves(int(sys.argv[1]) if len(sys.argv) > 1 else 50)[1:])
    worst = later[int(0.95 * len(later))]
    median = statistics.median(later)
    print(f"{len(later)} saves, seconds from save to screen")
    print(f"median {median:.2f}, 95th percentile {worst:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        empty = empty_run(sys.executable, Path(folder))
        floor = statistics.median(run(empty).seconds for _ in range(5))
    print(
        f"an empty pytest run beside it takes {floor:.2f}: {median / floor:.2f} of it"
    )


def saves(count: int) -> list[float]:
    """Return how many seconds each of so many saves took until its screen stood there."""
    source = find(SLUG, root()).solutions.joinpath("reference.py").read_text()
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder)
        for place in ("katas", "solutions", "tests/katas"):
            shutil.copytree(root() / place / SLUG, house / place / SLUG)
        screen = Screen("watch", SLUG, "--katas", str(house))
        try:
            screen.until(FOOT)
            file = house / "katas" / SLUG / f"{SLUG}.py"
            return [timed(screen, file, f"{source}# {each}\n") for each in range(count)]
        finally:
            screen.close()


class Screen:
    """A terminal in which the command runs."""

    def __init__(self, *words: str) -> None:
        self._end, other = pty.openpty()
        self._process = subprocess.Popen(
            [KATA, *words], stdin=other, stdout=other, stderr=other
        )
        os.close(other)
        self._read = b""

    def until(self, text: bytes) -> None:
        """Wait until a text has been drawn."""
        while text not in self._read:
            self._read += os.read(self._end, 65536)
        self._read = self._read.partition(text)[2]

    def close(self) -> None:
        """End the command."""
        os.write(self._end, b"q")
        self._process.wait()
        os.close(self._end)


def timed(screen: Screen, file: Path, text: str) -> float:
    """Save a text as editors do; return how long it took until its points stood there."""
    beside = file.with_suffix(".new")
    beside.write_text(text)
    began = time.perf_counter()
    beside.replace(file)
    screen.until(DRAWN)
    took = time.perf_counter() - began
    screen.until(FOOT)
    return took


if __name__ == "__main__":
    main()
