"""A kata that is allowed processes: forks of its own and this interpreter, no more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.selftest import every_level
from grader.sandbox.capabilities import MAX_PROCESSES
from grader.sandbox.launch import Sandbox
from grader.sandbox.levels import LEVELS, Level, walls

from .conftest import standing
from .playing import Stand


@pytest.fixture(scope="session")
def reached() -> set[str]:
    return {finding.level for finding in every_level(["processes"]) if finding.holds}


@pytest.fixture(scope="module", params=LEVELS)
def level(request: pytest.FixtureRequest, reached: set[str]) -> Level:
    wanted: Level = request.param
    if wanted not in reached:
        pytest.skip(f"with processes the level {wanted} cannot be had here")
    return wanted


@pytest.fixture(scope="module")
def sandbox(level: Level) -> Iterator[Sandbox]:
    with Sandbox(walls(level, ["processes"])) as started:
        yield started


@pytest.fixture
def stand(sandbox: Sandbox, tmp_path: Path) -> Iterator[Stand]:
    yield from standing(sandbox, tmp_path)


def test_a_fork_computes(stand: Stand) -> None:
    told = stand.run("""
        import os
        def f(world):
            pid = os.fork()
            if pid == 0:
                os._exit(7)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        """)

    assert told == "returned 7"


def test_the_interpreter_runs_again(stand: Stand) -> None:
    told = stand.run("""
        import subprocess, sys
        def f(world):
            command = [sys.executable, "-c", "import json; print(6 * 7)"]
            return subprocess.run(command, capture_output=True, check=True).stdout
        """)

    assert told == "returned b'42\\n'"


def test_multiprocessing_has_its_locks_and_pipes(stand: Stand) -> None:
    told = stand.run("""
        import multiprocessing
        def work(number, lock, total, end):
            with lock:
                total.value += number
            end.send(number * number)
        def f(world):
            context = multiprocessing.get_context("fork")
            lock, total = context.Lock(), context.Value("i", 0)
            ours, theirs = context.Pipe()
            workers = [
                context.Process(target=work, args=(number, lock, total, theirs))
                for number in range(4)
            ]
            for worker in workers:
                worker.start()
            answers = sorted(ours.recv() for _ in workers)
            for worker in workers:
                worker.join()
            return answers, total.value, len(multiprocessing.active_children())
        """)

    assert told == "returned ([0, 1, 4, 9], 6, 0)"


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_fresh_interpreter_works_for_a_pool(stand: Stand, method: str) -> None:
    told = stand.run(f"""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        def square(number):
            return number * number
        def f(world):
            context = multiprocessing.get_context({method!r})
            with ProcessPoolExecutor(2, mp_context=context) as pool:
                return list(pool.map(square, range(4)))
        """)

    assert told == "returned [0, 1, 4, 9]"


def test_a_child_can_be_ended(stand: Stand) -> None:
    told = stand.run("""
        import multiprocessing, signal
        def wait():
            signal.pause()
        def f(world):
            child = multiprocessing.get_context("fork").Process(target=wait)
            child.start()
            child.terminate()
            child.join()
            return child.exitcode
        """)

    assert told == "returned -15"


# Each tries one thing in a child; it ends with 0 if it could.
BLOCKED = {
    "a shell": "os.execv('/bin/sh', ['sh', '-c', 'true'])",
    "another program": "os.execv('/bin/true', ['true'])",
    "a program of its own": (
        "open('/dev/shm/program', 'wb').write(b'#!/bin/true'); "
        "call('chmod', b'/dev/shm/program', 0o777); "
        "os.execv('/dev/shm/program', ['x'])"
    ),
    "a connection": "socket.create_connection(('127.0.0.1', 9))",
    "a server": "socket.create_server(('127.0.0.1', 0))",
    "an account": "open('/etc/passwd')",
    "a file": "open('/tmp/left-by-a-kata', 'w')",
    "a session": "os.setsid()",
    "a group": "os.setpgid(0, 0)",
    "a trace": "call('ptrace', 0x4206, os.getppid(), 0, 0)",
    "a namespace": "call('unshare', 0x10000000)",
    "a child in a namespace": "call('syscall', 56, 0x10000011, 0, 0, 0, 0)",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
    "more processes": "resource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))",
}


@pytest.mark.parametrize("name", BLOCKED)
def test_a_child_can_do_no_more_than_its_parent(stand: Stand, name: str) -> None:
    if stand.level == "process":
        pytest.skip("a process promises deadlines only")

    told = stand.run(f"""
        import ctypes, os, resource, socket
        def call(name, *arguments):
            libc = ctypes.CDLL(None, use_errno=True)
            if getattr(libc, name)(*arguments) < 0:
                raise OSError(ctypes.get_errno(), name)
        def attempt():
            try:
                {BLOCKED[name]}
            except (OSError, ValueError):
                os._exit(1)
            os._exit(0)
        def f(world):
            pid = os.fork()
            if pid == 0:
                attempt()
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        """)

    assert told == "returned 1"


@pytest.mark.parametrize("number", ["os.getppid()", "JUDGE", "1", "-1"])
def test_nobody_outside_can_be_ended(stand: Stand, number: str) -> None:
    if stand.level == "process":
        pytest.skip("a process promises deadlines only")

    told = stand.run(f"""
        import os, signal
        def f(world):
            if os.fork() == 0:
                try:
                    os.kill({number.replace("JUDGE", str(os.getpid()))}, signal.SIGKILL)
                finally:
                    os._exit(0)
            os.wait()
        """)

    assert told in {"returned None", "crashed"}


def test_the_next_player_has_all_of_the_shared_memory(stand: Stand) -> None:
    if stand.level != "strong":
        pytest.skip("elsewhere it is the machine's")
    stand.run("""
        import os
        def f(world):
            os.mkdir("/dev/shm/d", 0o300)
            try:
                for n in range(100):
                    with open(f"/dev/shm/x{n}", "wb") as file:
                        file.write(bytes(1 << 20))
            except OSError:
                pass
        """)
    stand.close()

    told = stand.run("""
        import multiprocessing, os
        def f(world):
            multiprocessing.Lock()
            return os.listdir("/dev/shm")
        """)

    assert told == "returned []"


def test_forks_without_end_come_to_an_end(stand: Stand) -> None:
    if stand.level == "process":
        pytest.skip("a process promises deadlines only")

    told = stand.run("""
        import os, signal
        def f(world):
            started = 0
            while True:
                try:
                    if os.fork() == 0:
                        signal.pause()
                except OSError:
                    return started
                started += 1
        """)

    assert 0 < int(told.removeprefix("returned ")) < MAX_PROCESSES


def test_forks_of_forks_come_to_an_end(stand: Stand) -> None:
    if stand.level == "process":
        pytest.skip("a process promises deadlines only")

    told = stand.run("""
        import os, signal
        def f(world):
            while True:
                try:
                    os.fork()
                except OSError:
                    signal.pause()
        """)

    assert told in {"processor time", "wall time", "crashed"}


@pytest.mark.parametrize("leave", ["", "os.setsid()", "os.setpgid(0, 0)"])
def test_what_is_left_running_is_ended(
    stand: Stand, leave: str, tmp_path: Path
) -> None:
    if leave and stand.level != "process":
        pytest.skip("behind walls nothing leaves its group")

    told = stand.run(f"""
        import os, signal
        def f(world):
            read, write = os.pipe()
            for _ in range(5):
                if os.fork() == 0:
                    {leave or "pass"}
                    if os.fork() == 0:
                        os.write(write, b"%6d" % os.getpid())
                        signal.pause()
                    os._exit(0)
                os.wait()
            told = b""
            while len(told) < 30:
                told += os.read(read, 30)
            return told
        """)
    stand.close()

    pids = told.removeprefix("returned b'").rstrip("'").split()
    assert len(pids) == 5
    assert stand.level != "process" or not any(
        Path("/proc", pid).exists() for pid in pids
    )


def test_what_is_allowed_is_not_told_as_an_attempt(stand: Stand) -> None:
    stand.run("""
        import os, subprocess, sys
        def f(world):
            subprocess.run([sys.executable, "-c", ""])
            if os.fork() == 0:
                os._exit(0)
            os.wait()
        """)

    assert stand.last is not None
    assert stand.last.ended is not None
    assert stand.last.ended.tried == []


def test_without_shared_memory_of_its_own_it_is_not_confined() -> None:
    confined = next(
        finding for finding in every_level(["processes"]) if finding.level == "confined"
    )

    assert not confined.holds
    assert "write" in confined.broken
