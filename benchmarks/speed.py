"""Time and memory of a verdict: `make bench`.

Whole commands are timed from outside, in turn with the floor they stand on (a bare
interpreter, an empty pytest run), so that a slow machine slows both. What happens
inside is timed on a warm player. Medians count; minimum and maximum show the noise.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from grader.catalogue import find, root
from grader.judge.bench import Bench
from grader.judge.play import Play
from grader.sandbox.launch import Sandbox
from grader.submission import read
from grader.world.rules import after, asynchronous, synchronous

ROOT = root()
KATA = Path(sys.executable).with_name("kata")
ROUNDS = 11
RUNS = 300
SAYINGS = 200


def main() -> None:
    """Print the table."""
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        whole_commands(Path(folder))
    inside()


# --- whole commands -----------------------------------------------------------


def whole_commands(folder: Path) -> None:
    """Time commands side by side, one of each in turn."""
    empty = folder / "test_empty.py"
    empty.write_text("def test_nothing():\n    pass\n")
    wrong = "solutions/semaphore/wrong/own_semaphores.py"
    right = "solutions/semaphore/reference.py"
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import pytest, hypothesis": [
            sys.executable,
            "-c",
            "import pytest, hypothesis",
        ],
        "an empty pytest run": [sys.executable, "-m", "pytest", "-q", str(empty)],
        "verdict, right answer": [str(KATA), "test", "semaphore", "--file", right],
        "verdict, wrong answer": [str(KATA), "test", "semaphore", "--file", wrong],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    peaks: dict[str, float] = {}
    for number in range(ROUNDS + 1):
        for name, command in commands.items():
            seconds, megabytes = timed(command)
            if number:  # the first round warms the disk and draws the corpus
                times[name].append(seconds)
                peaks[name] = max(peaks.get(name, 0), megabytes)
    print(f"{'whole process, s':32} {'median':>8} {'min':>8} {'max':>8} {'peak MB':>8}")
    for name, found in times.items():
        print(f"{name:32} {row(found)} {peaks[name]:8.0f}")
    ratio = statistics.median(times["verdict, right answer"]) / statistics.median(
        times["an empty pytest run"]
    )
    print(f"a verdict costs {ratio:.2f} empty pytest runs\n")


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall seconds and its peak of resident megabytes."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def row(found: list[float]) -> str:
    """Return median, minimum and maximum."""
    return f"{statistics.median(found):8.3f} {min(found):8.3f} {max(found):8.3f}"


# --- inside -------------------------------------------------------------------


def inside() -> None:
    """Time runs and round trips on a warm player."""
    kata = find("semaphore", ROOT)
    with Sandbox() as sandbox:
        answer = read(kata.solutions / "reference.py")
        scenarios = kata.scenarios.read_text("utf-8")
        bench = Bench(sandbox, kata, answer, b"secret", scenarios)
        play = Play(bench, lambda: None)
        urls = [str(number) for number in range(10)]
        fetch = asynchronous(after(1))
        jobs = sample(lambda: play("fetch_pages", urls=urls, limit=3, fetch=fetch))
        nothing = sample(lambda: play("fetch_pages", urls=[], limit=3, fetch=fetch))
        player = play._player
        memory = resident(player.pid) if player is not None else 0.0
        play.fresh()
        forks = sample(lambda: bench.player().close(), 60)
        bench.close()
        trip = round_trip(sandbox)
    print(f"{'inside, ms':32} {'median':>8} {'min':>8} {'max':>8}")
    print(f"{'a run of 10 jobs, 3 at a time':32} {row(jobs)}")
    print(f"{'a run of nothing':32} {row(nothing)}")
    print(f"{'a world step with its round trip':32} {row(trip)}")
    print(f"{'a fresh player, loaded and ended':32} {row(forks)}")
    print(f"\nplayer after {2 * RUNS} runs: {memory:.0f} MB resident at its peak")


def sample(action: Callable[[], object], count: int = RUNS) -> list[float]:
    """Return the milliseconds of each of many calls, after a few to warm up."""
    for _ in range(5):
        action()
    found = []
    for _ in range(count):
        began = time.perf_counter()
        action()
        found.append((time.perf_counter() - began) * 1000)
    return found


SAYING = b"async def greet(say, number):\n    for each in range(number):\n        say(each)\n"
SCENARIO = (
    "async def speak(kata, world, number):\n    await kata.greet(world.say, number)\n"
)


def round_trip(sandbox: Sandbox) -> list[float]:
    """Return the milliseconds of one synchronous operation, from many of them in a run."""
    from grader import wire
    from grader.judge.drive import drive, play_message
    from grader.world.tokens import Tokens
    from grader.world.world import World

    player = sandbox.player()
    player.send(
        wire.Load(
            "saying", "saying.py", SAYING, SCENARIO, [], [], 10.0, unbounded=False
        )
    )
    player.receive()

    def run(number: int) -> float:
        world = World({"say": synchronous()}, Tokens(b"", ""))
        message = play_message("speak", {"number": number}, world, [], collect=False)
        began = time.perf_counter()
        drive(player, world, message)
        return (time.perf_counter() - began) * 1000

    found = [(run(SAYINGS) - run(0)) / SAYINGS for _ in range(50)]
    player.close()
    return found


def resident(pid: int) -> float:
    """Return the peak of a process's resident memory in MB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
