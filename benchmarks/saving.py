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

from grader.catalogue import find, root

KATA = Path(sys.executable).with_name("kata")
SLUG = "semaphore"
DRAWN = b"100 of 100 points"
FOOT = b"q:quit"


def main() -> None:
    """Print the median and the 95th percentile."""
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    kata = find(SLUG, root())
    source = (kata.solutions / "reference.py").read_text()
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder)
        for place in ("katas", "solutions", "tests/katas"):
            shutil.copytree(root() / place / SLUG, house / place / SLUG)
        screen = Screen("watch", SLUG, "--katas", str(house))
        try:
            screen.until(FOOT)
            file = house / "katas" / SLUG / f"{SLUG}.py"
            times = [
                timed(screen, file, f"{source}# {each}\n") for each in range(saves)
            ]
        finally:
            screen.close()
    # The first one has the process start its sandbox.
    later = sorted(times[1:])
    worst = later[int(0.95 * len(later))]
    print(f"{len(later)} saves, seconds from save to screen")
    median = statistics.median(later)
    print(f"median {median:.2f}, 95th percentile {worst:.2f}")
    floor = empty_run()
    print(
        f"an empty pytest run beside it takes {floor:.2f}: {median / floor:.2f} of it"
    )


def empty_run() -> float:
    """Return the median seconds of a pytest run with one test that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "test_empty.py")
        empty.write_text("def test_nothing():\n    pass\n")
        times = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "pytest", "-q", empty],
                check=True,
                capture_output=True,
            )
            times.append(time.perf_counter() - began)
    return statistics.median(times)


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
