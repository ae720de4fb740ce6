"""Where submissions are graded: in processes that may die without harm to the others.

`grade_one` is what an executor runs, a thread here or a worker of a cluster anywhere. Each
thread that runs it keeps one process; one that dies or hangs is replaced, and costs the
submission it held another try.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import Pipe
from typing import IO

from grader.classroom.job import Graded, pack, unpack_job

COMMAND = [sys.executable, "-P", "-m", "grader.classroom.worker"]
"""What grades; behind it come the descriptor to listen at, how many judges share the
tests of one submission, and the core to stay on.

Nothing is imported from the current folder: submissions may lie there.
"""

CONNECT = 10.0
"""Seconds for the scheduler of a cluster to answer."""

PATIENCE = 5.0
"""Seconds for a process that has nothing to do to end by itself."""

TRIES = 2
_LOG = 4000
"""Letters of a log that are kept: the last ones."""

_own = threading.local()
_all: set[Worker] = set()
_ending = threading.Event()
"""Set when nobody wants an answer any more."""


class Lost(Exception):
    """The process died or hung; the message is the end of what it had to say."""


class Worker:
    """A process that grades, on one core alone if there is one for it.

    With several `judges` they share the tests of each submission.
    """

    def __init__(self, core: int | None = None, judges: int = 1) -> None:
        self._link, theirs = Pipe()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - till its end
        with theirs:
            descriptor = theirs.fileno()
            settings = [descriptor, judges, *([] if core is None else [core])]
            self._process = subprocess.Popen(
                [*COMMAND, *map(str, settings)],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                pass_fds=[descriptor],
                start_new_session=True,
            )

    def grade(self, job: bytes, seconds: float) -> bytes:
        """Return what came of a job; raise `Lost` if the process did not last."""
        hangs = threading.Event()

        def give_up() -> None:
            hangs.set()
            self.kill()

        # It may hang before it has read the job: that it is gone ends each wait.
        late = threading.Timer(seconds, give_up)
        late.start()
        try:
            self._link.send_bytes(job)
            return self._link.recv_bytes()
        except (EOFError, OSError):
            code = self._process.wait()
            what = f"its process ended with {code}"
            if hangs.is_set():
                what = f"no verdict after {seconds:g} s"
            raise Lost(f"{what}\n{self._said()}") from None
        finally:
            late.cancel()

    def lives(self) -> bool:
        """Say whether the process is there."""
        return self._process.poll() is None

    def end(self, patience: float = 0.0) -> None:
        """End the process, which is idle if there is patience with it."""
        self._link.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._log.close()

    def kill(self) -> None:
        """Kill the process; who waits for its answer learns of it."""
        self._process.kill()

    def _said(self) -> str:
        size = os.fstat(self._log.fileno()).st_size
        data = os.pread(self._log.fileno(), _LOG, max(0, size - _LOG))
        return data.decode(errors="replace")


@contextmanager
def local(jobs: int) -> Iterator[Executor]:
    """Give an executor that runs so many `grade_one` at once on this machine."""
    cores = _cores(jobs)
    executor = ThreadPoolExecutor(
        jobs, "grading", initializer=lambda: setattr(_own, "core", cores.pop())
    )
    _ending.clear()
    try:
        yield executor
    except BaseException:
        # Nobody waits for what is under way: each thread sees its process end.
        _ending.set()
        for worker in list(_all):
            worker.kill()
        executor.shutdown(cancel_futures=True)
        raise
    else:
        executor.shutdown()
    finally:
        while _all:
            _all.pop().end(PATIENCE)


def _cores(jobs: int) -> list[int | None]:
    """Return a core for each of so many processes; None where any will do.

    Judge and player take turns: on one core none of them waits for another to wake up,
    or for the core that another process is at work on. Where cores are left over, the
    system is free to choose.
    """
    if not hasattr(os, "sched_getaffinity"):
        return [None] * jobs
    ours = sorted(os.sched_getaffinity(0))
    if jobs < len(ours):
        return [None] * jobs
    return [ours[number % len(ours)] for number in range(jobs)]


class NoCluster(Exception):
    """The cluster cannot be used; the message says what to do."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give an executor that runs `grade_one` on the workers of a Dask cluster.

    Submissions and verdicts travel as bytes; each worker has this package, and the katas.
    """
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster(
            "--cluster needs Dask: pip install 'asyncio-katas[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=CONNECT)
    except (OSError, ValueError) as error:
        raise NoCluster(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        # Every submission is graded, also one whose bytes were graded there before.
        yield client.get_executor(pure=False, retries=TRIES)


def grade_one(job: bytes) -> bytes:
    """Grade a packed `Job`; return a packed `Graded`, whatever happens."""
    seconds = unpack_job(job).seconds
    logs: list[str] = []
    for _ in range(TRIES):
        if _ending.is_set():
            break
        worker = _mine()
        try:
            return worker.grade(job, seconds)
        except Lost as lost:
            logs.append(str(lost))
            _all.discard(worker)
            worker.end()
    return pack(Graded(None, "\n".join(logs)))


def _mine() -> Worker:
    worker: Worker | None = getattr(_own, "worker", None)
    if worker is None or worker not in _all:
        worker = _own.worker = Worker(getattr(_own, "core", None))
        _all.add(worker)
        if _ending.is_set():
            worker.kill()
    return worker
