"""A process that grades one submission after the other, on warm sandboxes.

It lives as long as the one that started it: when that goes, there is nothing to read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from grader import catalogue
from grader.classroom.fingerprints import of_grader, of_kata
from grader.classroom.job import Graded, Job, Made, pack, unpack_job
from grader.judge.grade import Request, close, grade_each
from grader.verdict import Verdict


def serve(link: Connection, judges: int = 1, core: int | None = None) -> None:
    """Grade what comes until nothing more does; on one core if it is said which."""
    jobs = _Jobs(link)
    cores = os.sched_getaffinity(0) if core is not None else set()
    while (job := jobs.waiting()) is not None:
        kata = catalogue.find(job.kata, *catalogue.roots(map(Path, job.paths)))
        if core is not None:
            # Processes of a submission's own may run side by side.
            os.sched_setaffinity(0, cores if "processes" in kata.allow else {core})
        made = Made(of_kata(kata), of_grader())
        grade_each(jobs.of(kata), partial(_answer, link, made), judges)


def _answer(link: Connection, made: Made, verdict: Verdict) -> None:
    link.send_bytes(pack(Graded(verdict, "", made)))


class _Jobs:
    """What is to be graded, in runs of one kata after the other."""

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._next: Job | None = None

    def waiting(self) -> Job | None:
        """Return the next job, without taking it; None when there is no more."""
        if self._next is None:
            with suppress(EOFError):
                self._next = unpack_job(self._link.recv_bytes())
        return self._next

    def of(self, kata: catalogue.Kata) -> Iterator[Request]:
        """Take jobs as long as they are of this kata and behind the same walls."""
        first = self._next
        while (job := self.waiting()) is not None and _alike(job, first):
            self._next = None
            yield Request(
                kata, job.submission, job.seed, isolation=job.isolation, key=job.key
            )


def _alike(job: Job, first: Job | None) -> bool:
    return first is not None and _kind(job) == _kind(first)


def _kind(job: Job) -> tuple[object, ...]:
    return job.kata, job.isolation, job.paths, job.key


def main() -> None:
    """Serve at the descriptor that the command line names, with the settings behind it."""
    descriptor, *settings = map(int, sys.argv[1:])
    link = Connection(descriptor)
    # Whatever a hidden test may print is no answer of ours.
    os.dup2(2, 1)
    try:
        serve(link, *settings)
    except BrokenPipeError:
        pass  # who asked has gone
    finally:
        close()


if __name__ == "__main__":
    main()
