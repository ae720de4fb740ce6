"""Processes that grade may die or hang; no submission is lost by it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from grader.catalogue import find, root
from grader.classroom import pool
from grader.classroom.job import Graded, Job, pack, unpack_graded

RIGHT = (find("hello_await", root()).solutions / "reference.py").read_bytes()
WRONG = b"async def greet_after(*given): return 1\n"


def job(source: bytes = RIGHT, kata: str = "hello_await", seconds: float = 60) -> bytes:
    return pack(Job(kata, source, 0, "process", seconds=seconds))


def points(graded: bytes) -> int | None:
    verdict = unpack_graded(graded).verdict
    return verdict.points if verdict is not None else None


def command(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_one_process_grades_submissions_of_several_katas() -> None:
    with pool.local(1) as executor:
        asked = [
            executor.submit(pool.grade_one, each)
            for each in (job(), job(WRONG), job(b"def", "semaphore"), job())
        ]
        graded = [points(each.result()) for each in asked]

    assert graded == [100, 0, 0, 100]


def test_a_process_that_is_killed_costs_its_submission_another_try() -> None:
    with pool.local(1) as executor:
        executor.submit(pool.grade_one, job()).result()
        (worker,) = pool._all
        asked = executor.submit(pool.grade_one, job())
        os.kill(worker._process.pid, signal.SIGKILL)

        assert points(asked.result()) == 100
        assert worker not in pool._all


def test_a_submission_that_takes_its_process_with_it_twice_is_our_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = "import sys; print('so it goes', file=sys.stderr); sys.exit(3)"
    monkeypatch.setattr(pool, "COMMAND", command(script))

    with pool.local(1) as executor:
        graded = unpack_graded(executor.submit(pool.grade_one, job()).result())

    said = "its process ended with 3\nso it goes\n"
    assert graded == Graded(None, f"{said}\n{said}")


@pytest.mark.parametrize(
    "source", [RIGHT, b"#" * 900_000], ids=["it has read", "it reads no more of"]
)
def test_a_process_that_hangs_is_given_up(
    source: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "COMMAND", command("import signal; signal.pause()"))

    with pool.local(1) as executor:
        asked = executor.submit(pool.grade_one, job(source, seconds=0.1))
        graded = unpack_graded(asked.result())

    assert graded.log.startswith("no verdict after 0.1 s\n")


def test_when_the_batch_is_left_early_all_processes_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    os.mkfifo(there)
    script = f"import signal; open({str(there)!r}, 'w').close(); signal.pause()"
    monkeypatch.setattr(pool, "COMMAND", command(script))
    with pytest.raises(KeyboardInterrupt), pool.local(1) as executor:  # noqa: PT012
        asked = executor.submit(pool.grade_one, job())
        there.open().close()
        raise KeyboardInterrupt

    assert unpack_graded(asked.result()).log.startswith("its process ended with -9")
    assert not pool._all
    assert not [each for each in threading.enumerate() if each.name == "grading_0"]


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores have no names")
@pytest.mark.parametrize(
    ("jobs", "cores"),
    [(1, [None]), (2, [None, None]), (3, [4, 5, 7]), (4, [4, 5, 7, 4])],
)
def test_each_process_has_a_core_of_its_own_where_none_is_left_over(
    jobs: int, cores: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {7, 5, 4})

    assert pool._cores(jobs) == cores


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores have no names")
def test_a_process_that_has_a_core_grades_on_it_alone() -> None:
    core = max(os.sched_getaffinity(0))
    worker = pool.Worker(core)
    try:
        graded = points(worker.grade(job(), 60))
        cores = os.sched_getaffinity(worker._process.pid)
    finally:
        worker.end()

    assert (graded, cores) == (100, {core})
