"""Grade anything, for as long as it is given, and look for what must not be.

`make soak [MINUTES=10] [SEED=N]`. Right and wrong answers of all katas, with random seeds,
are graded by the processes that grade a class, while others keep the processors busy. Each
is graded twice, by different processes: what the two say must be the same, down to the
words (where an answer may start processes, the outcomes). A right answer must pass, and a
wrong one break what it names, whatever the seed; that it loses other laws than with seed 0
is told, for an example of the kata should settle it. In the end no process may be left, no
descriptor, no temporary file, and memory must not have grown.
"""

from __future__ import annotations

import ctypes
import os
import random
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

from measure import busy, resident
from steady import settled

from grader.authoring.check import BREAKS, stored_outcomes, vector
from grader.catalogue import Kata, katas, root
from grader.classroom.job import HANG, Job, pack, unpack_graded
from grader.classroom.pool import PATIENCE, Lost, Worker
from grader.verdict import Verdict

MEGABYTE = 2**20
GROWTH = 1.1
"""How much more the processes may hold in the last quarter than in the second: noise."""

SLACK = 8 * MEGABYTE
ENOUGH = 40
"""Verdicts below which nothing can be said of growth: each kata that is new takes some."""

_SUBREAPER = 36


@dataclass(frozen=True)
class Task:
    """An answer and a seed. `name` is how the answer is called in what is printed."""

    kata: Kata
    path: Path
    seed: int

    @property
    def name(self) -> str:
        """Return what to grade again to see it alone."""
        return f"{self.path.relative_to(root())} --seed {self.seed}"

    def job(self) -> bytes:
        """Return it as it travels to a process that grades."""
        return pack(
            Job(self.kata.slug, self.path.read_bytes(), self.seed, "best", seconds=HANG)
        )


@dataclass
class Found:
    """What was graded, and what was wrong with it."""

    verdicts: int = 0
    differing: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)
    """Wrong answers that lose what they must, and of the other laws not the stored ones."""

    faults: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    memory: dict[int, list[int]] = field(default_factory=dict)
    """Bytes after each verdict, by the process that gave it."""

    def bad(self) -> list[str]:
        """Return everything that must not be."""
        return [*self.differing, *self.unexpected, *self.faults, *self.leaks]


def main() -> int:
    """Grade; return 1 if anything was wrong."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(10**6)
    cores = os.cpu_count() or 1
    print(
        f"{minutes:g} minutes, seed {seed}, {cores} busy processes beside", flush=True
    )
    found = Found()
    _adopt_orphans()
    with tempfile.TemporaryDirectory() as home:
        places = _keep_apart(Path(home))
        before = _things(places)
        with busy(cores):
            _grade(found, random.Random(seed), minutes * 60, cores + 1)
        left = sorted(_things(places) - before)
        found.leaks += [f"left in the end: {each}" for each in left]
    found.leaks += _grown(found)
    for each in found.bad() + found.otherwise:
        print(f"  {each}")
    print(
        f"{found.verdicts} verdicts, {len(found.differing)} differ, "
        f"{len(found.unexpected)} not as they must be, {len(found.faults)} our fault, "
        f"{len(found.leaks)} leaks; {len(found.otherwise)} lose other laws than with seed 0"
    )
    return 1 if found.bad() or not found.verdicts else 0


# --- grading ------------------------------------------------------------------


def _grade(found: Found, draw: random.Random, seconds: float, jobs: int) -> None:
    """Have so many processes grade until the time is over."""
    tasks = Tasks(draw, jobs)
    graders = [Grader(number, tasks, found) for number in range(jobs)]
    threads = [
        threading.Thread(target=grader.work, args=(seconds,)) for grader in graders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Tasks:
    """Draws tasks, and hands each to a second process once it was graded."""

    def __init__(self, draw: random.Random, processes: int) -> None:
        self._draw = draw
        self._lock = threading.Lock()
        self._katas = katas(root())
        self._again: list[Queue[tuple[Task, Verdict]]] = [
            Queue() for _ in range(processes)
        ]

    def new(self) -> Task:
        """Return an answer that nobody has graded with that seed."""
        with self._lock:
            kata = self._draw.choice(self._katas)
            folder = kata.solutions
            paths = sorted([*folder.glob("*.py"), *folder.glob("wrong/*.py")])
            return Task(kata, self._draw.choice(paths), self._draw.randrange(10**6))

    def again(self, process: int) -> tuple[Task, Verdict] | None:
        """Return what another process has graded, if anything waits for this one."""
        try:
            return self._again[process].get_nowait()
        except Empty:
            return None

    def graded(self, process: int, task: Task, verdict: Verdict) -> None:
        """Have the next process grade it too."""
        self._again[(process + 1) % len(self._again)].put((task, verdict))

    def one_of_each_kind(self) -> list[Task]:
        """Return a right answer for each kind of sandbox."""
        kinds: dict[object, Kata] = {}
        for kata in self._katas:
            kinds.setdefault((kata.allow, kata.libraries), kata)
        return [
            Task(kata, kata.solutions / "reference.py", 0) for kata in kinds.values()
        ]


class Grader:
    """A process that grades, and what it holds when it has nothing to do."""

    def __init__(self, number: int, tasks: Tasks, found: Found) -> None:
        self._number = number
        self._tasks = tasks
        self._found = found
        self._worker = Worker()
        self._pid = self._worker._process.pid

    def work(self, seconds: float) -> None:
        """Grade for so long once all sandboxes are warm, and end the process."""
        try:
            for task in self._tasks.one_of_each_kind():
                self._verdict(task)
            held, end = _held(self._pid), time.monotonic() + seconds
            while time.monotonic() < end:
                self._one()
                self._look(held)
        except Lost as lost:
            self._found.faults.append(str(lost))
        finally:
            self._worker.end(PATIENCE)

    def _one(self) -> None:
        """Grade what another process has graded before, or something new."""
        found = self._found
        waiting = self._tasks.again(self._number)
        task = self._tasks.new() if waiting is None else waiting[0]
        verdict = self._verdict(task)
        if verdict is None:
            return
        found.verdicts += 1
        if waiting is None:
            _look_at(found, task, verdict)
            self._tasks.graded(self._number, task, verdict)
        else:
            found.differing += _differences(task, verdict, waiting[1])

    def _verdict(self, task: Task) -> Verdict | None:
        graded = unpack_graded(self._worker.grade(task.job(), HANG))
        verdict = graded.verdict
        if verdict is None or verdict.status == "fault":
            self._found.faults.append(
                f"{task.name}: {graded.log or _fault_in(verdict)}"
            )
            return None
        return verdict

    def _look(self, held: tuple[int, int]) -> None:
        """Take note of what the process holds, and of what it did not hold before."""
        now = _held(self._pid)
        if now != held:
            leak = f"process {self._number} held {held} descriptors and children, now {now}"
            self._found.leaks.append(leak)
        self._found.memory.setdefault(self._pid, []).append(resident(self._pid))


def _differences(task: Task, one: Verdict, other: Verdict) -> list[str]:
    """Return in what two gradings differ, where anything may be compared but the time.

    Real processes take real time: how many of them a run saw may differ, outcomes may not.
    """
    if "processes" in task.kata.allow:
        same = vector(one) == vector(other)
    else:
        same = settled(one) == settled(other)
    if same:
        return []
    laws = [
        f"{mine.id}: {mine.outcome}, {mine.message!r}, {its.outcome}, {its.message!r}"
        for mine, its in zip(one.laws, other.laws, strict=False)
        if mine != its
    ]
    return [f"{task.name}: two gradings differ: {'; '.join(laws) or 'not in a law'}"]


def _fault_in(verdict: Verdict | None) -> str:
    """Return what a verdict says of our fault."""
    if verdict is None:
        return "no verdict"
    told = [verdict.problem.message] if verdict.problem is not None else []
    laws = [law for law in verdict.laws if law.outcome == "fault"]
    return "; ".join(
        [*told, *(f"{law.id}: {law.message}, {law.given}" for law in laws)]
    )


def _look_at(found: Found, task: Task, verdict: Verdict) -> None:
    """Take note of a verdict that no draw of the cases may change, and of one that some do."""
    got = vector(verdict)
    if task.path.parent.name != "wrong":
        found.unexpected += [f"{task.name}: {got}, and it is right"] if got else []
        return
    stored = stored_outcomes(task.kata)[task.path.stem]
    named = BREAKS.match(task.path.read_text(encoding="utf-8"))
    if named is None or got.get(named[1], "holds") == "holds":
        found.unexpected.append(f"{task.name}: {got}, and it is wrong")
    elif got != stored:
        found.otherwise.append(f"{task.name}: {got}, stored is {stored}")


# --- what is left --------------------------------------------------------------


def _keep_apart(home: Path) -> list[Path]:
    """Let all temporary files lie in that folder, and caches beside them.

    Returns the places in which nothing may be left.
    """
    temporary = home / "tmp"
    temporary.mkdir(mode=0o711)
    os.environ |= {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(home / "cache")}
    tempfile.tempdir = None
    return [temporary, Path("/dev/shm")]


def _adopt_orphans() -> None:
    """Have every process whose parent ends become a child of this one (Linux)."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _things(places: Iterable[Path]) -> set[str]:
    """Return what may leak: processes, descriptors and files, in words."""
    files = {f"file {path}" for each in places for path in each.iterdir()}
    descriptors = {
        f"descriptor {path.name}" for path in Path("/proc/self/fd").iterdir()
    }
    children = {f"process {child}" for child in _children(os.getpid())}
    return files | descriptors | children


def _held(pid: int) -> tuple[int, int]:
    """Return how many descriptors and how many children a process has."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir())), len(_children(pid))


def _grown(found: Found) -> list[str]:
    """Return which processes hold more in the last quarter than in the second."""
    leaks = []
    for pid, measures in found.memory.items():
        quarter = len(measures) // 4
        if len(measures) < ENOUGH:
            continue
        early = statistics.median(measures[quarter : 2 * quarter])
        late = statistics.median(measures[-quarter:])
        told = f"{early / MEGABYTE:.0f} to {late / MEGABYTE:.0f} MB"
        print(f"  process {pid} and its sandboxes: {told}, {len(measures)} verdicts")
        if late > GROWTH * early + SLACK:
            leaks.append(f"process {pid} grew from {told}")
    return leaks


def _children(pid: int) -> list[str]:
    """Return the processes that one has started, ended ones it has not reaped included."""
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


if __name__ == "__main__":
    sys.exit(main())
