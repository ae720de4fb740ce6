"""Commands timed from outside, side by side, and what became of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Command:
    """What is run, in which folder, with what added to the environment."""

    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Cost:
    """What one run of a command took, wall and processor seconds, and what it gave.

    Processor seconds are those of the command and of all it waited for.
    """

    seconds: float
    processor: float
    code: int
    out: bytes


def run(command: Command) -> Cost:
    """Run a command to its end."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            env={**_environment(), **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = code = os.waitstatus_to_exitcode(status)
        out.seek(0)
        processor = usage.ru_utime + usage.ru_stime
        return Cost(seconds, processor, code, out.read())


def _environment() -> dict[str, str]:
    """Return ours, but that Python keeps what it compiles, as anybody's does."""
    return {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE"
    }


def side_by_side(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Cost]]:
    """Run one of each in turn, so many times, after one round that warms the disk.

    Raises `SystemExit` where one fails: what it took says nothing then.
    """
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = run(command)
            if cost.code:
                raise SystemExit(f"{name} ended with {cost.code}")
            if number:
                found[name].append(cost)
    return found


def spread(values: Iterable[float], digits: int = 2) -> str:
    """Return the median, and the smallest and the greatest in brackets."""
    found = list(values)
    low, high = min(found), max(found)
    return (
        f"{statistics.median(found):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
    )


def sample(action: Callable[[], object], count: int) -> list[float]:
    """Return the milliseconds of each of many calls, after a few to warm up."""
    for _ in range(5):
        action()
    found = []
    for _ in range(count):
        began = time.perf_counter()
        action()
        found.append((time.perf_counter() - began) * 1000)
    return found


def empty_run(python: str, folder: Path) -> Command:
    """Return a pytest run with one test that does nothing."""
    test = folder / "test_empty.py"
    test.write_text("def test_nothing():\n    pass\n")
    words = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    return Command(words, folder, {})


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep so many processes busy beside us; each ends by itself after an hour at most."""
    spin = "import time\nend = time.time() + 3600\nwhile time.time() < end: pass"
    processes = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def resident(pid: int) -> int:
    """Return the bytes that a process and all that it started hold in memory."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [
            each for task in tasks for each in (task / "children").read_text().split()
        ]
    except OSError:
        return 0  # it has ended
    return pages * PAGE + sum(resident(int(each)) for each in children)


def peak_memory(pid: int) -> float:
    """Return the most resident memory a process has had, in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
