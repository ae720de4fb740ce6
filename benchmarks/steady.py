"""Is a verdict the same under load? `make steady [TIMES=100] [BUSY=8] [JOBS=4]`.

Grades each answer once on an idle machine and then many times, in several processes and
with busy ones beside them. Every verdict must be the idle one, messages, cases and
pictures included; only the wall time may differ.
"""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import measure
import msgspec

from grader.catalogue import find, root
from grader.judge.grade import Request, close, grade_all
from grader.submission import Submission, read
from grader.verdict import Verdict

ANSWERS = {
    "semaphore": ("reference.py", "wrong/batches.py", "wrong/busy_counter.py"),
    "run_from_sync": ("reference.py", "*", "*"),
    "offload_blocking": ("reference.py", "*", "*"),
}
"""A star stands for the next wrong answer of that kata."""

UNSTEADY = b"""
import asyncio, random

SLOTS = asyncio.Semaphore(1000)
CALLS = 0


async def fetch_limited(fetch, urls, limit):
    global CALLS
    CALLS += 1
    if limit < 1:
        raise ValueError("limit")
    slots = asyncio.Semaphore(limit if random.random() < 0.7 else limit + CALLS)

    async def fetch_in_slot(url):
        async with slots, SLOTS:
            return await fetch(url)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_in_slot(url)) for url in urls]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
"""
"""A module-level semaphore, a global counter and an unseeded random number."""


@dataclass
class Count:
    """How many verdicts there were and how many differed."""

    graded: int = 0
    differed: int = 0
    faults: int = 0


def main(times: int, busy: int, jobs: int) -> int:
    """Grade; return 1 if a verdict differed or was our fault."""
    print(
        f"Python {platform.python_version()}: {times} gradings each, {jobs} at once,"
        f" {busy} busy processes"
    )
    idle = [(*each, grade(*each)) for each in answers()]
    close()
    total = Count()
    with measure.busy(busy), ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for slug, submission, expected in idle:
            again = pool.map(grade, [slug] * times, [submission] * times)
            count = compare(list(again), expected)
            print(
                f"  {slug:17} {submission.name:50} {count.differed} of {count.graded} differ",
                flush=True,
            )
            total.graded += count.graded
            total.differed += count.differed
            total.faults += count.faults
    print(f"{total.differed} of {total.graded} differ, {total.faults} our fault")
    return 1 if total.differed or total.faults else 0


def answers() -> Iterator[tuple[str, Submission]]:
    """Return what is graded: the slug of a kata and a submission to it."""
    for slug, names in ANSWERS.items():
        for path in chosen(slug, names):
            yield slug, read(path)
    yield "semaphore", unsteady()


def chosen(slug: str, names: tuple[str, ...]) -> list[Path]:
    """Return the answers to grade."""
    folder = find(slug, root()).solutions
    wrong = iter(sorted(folder.glob("wrong/*.py")))
    return [next(wrong) if name == "*" else folder / name for name in names]


def unsteady() -> Submission:
    """Return the answer that tries to differ from run to run."""
    digest = hashlib.sha256(UNSTEADY).hexdigest()
    return Submission("unsteady.py", Path("unsteady.py"), UNSTEADY, digest)


def grade(slug: str, submission: Submission) -> Verdict:
    """Grade once, in this process."""
    (verdict,) = grade_all([Request(find(slug, root()), submission)])
    return verdict


def compare(verdicts: list[Verdict], expected: Verdict) -> Count:
    """Count what differs."""
    count = Count(len(verdicts))
    for verdict in verdicts:
        count.differed += settled(verdict) != settled(expected)
        count.faults += verdict.status == "fault"
    return count


ADDRESS = re.compile(rb"\bat 0x[0-9a-f]+")


def settled(verdict: Verdict) -> bytes:
    """Return everything in a verdict but the wall time it took, and where objects lay.

    An answer may print an object; that it is printed with its address is Python's doing.
    """
    told = msgspec.json.encode(msgspec.structs.replace(verdict, seconds=0.0))
    return ADDRESS.sub(b"at 0x", told)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*given) if given else main(100, 8, 4))
