"""Processes that a submission starts: who waits for them, and what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from grader import values
from grader.sandbox.launch import Sandbox
from grader.sandbox.levels import unwalled
from grader.world.record import Run
from grader.world.rules import after, asynchronous
from grader.world.world import AFTERWARDS

from .performing import Perform


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(unwalled("process", ["processes"])) as started:
        yield started


def outcome(run: Run) -> Any:
    assert run.outcome is not None
    assert run.outcome.kind == "returned", run.outcome
    return values.unpack(run.outcome.value)


def test_a_pool_of_processes_computes_beside_the_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio, os
        from concurrent.futures import ProcessPoolExecutor
        def square(number):
            return number * number, os.getpid()
        async def f(world):
            loop = asyncio.get_running_loop()
            pool = ProcessPoolExecutor(2)
            try:
                calls = [loop.run_in_executor(pool, square, n) for n in range(20)]
                answers = await asyncio.gather(*calls)
            finally:
                await asyncio.to_thread(pool.shutdown)
            pids = {pid for _, pid in answers}
            return [n for n, _ in answers], os.getpid() in pids, 1 <= len(pids) <= 2
        """)

    assert outcome(run) == ([n * n for n in range(20)], False, True)
    assert run.blocked == []


def test_a_pool_of_multiprocessing_computes_too(perform: Perform) -> None:
    run = perform("""
        import asyncio, multiprocessing
        def square(number):
            return number * number
        async def f(world):
            loop = asyncio.get_running_loop()
            done = loop.create_future()
            with multiprocessing.get_context("fork").Pool(2) as pool:
                pool.map_async(
                    square, range(10),
                    callback=lambda found: loop.call_soon_threadsafe(done.set_result, found),
                )
                return await done
        """)

    assert outcome(run) == [n * n for n in range(10)]


def test_the_loop_goes_on_while_a_process_computes(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        from concurrent.futures import ProcessPoolExecutor
        async def f(world):
            loop = asyncio.get_running_loop()
            beats = []
            async def beat():
                while True:
                    await asyncio.sleep(0.01)
                    beats.append(loop.time())
            heart = asyncio.create_task(beat())
            with ProcessPoolExecutor(1) as pool:
                await loop.run_in_executor(pool, time.sleep, 0.2)
            heart.cancel()
            return len(beats), loop.time() - 1000
        """)

    beats, took = outcome(run)
    assert beats >= 5
    assert took >= 0.05


def test_a_loop_that_watches_a_pipe_waits_for_the_child_at_its_end(
    perform: Perform,
) -> None:
    run = perform("""
        import asyncio, os, time
        async def f(world):
            loop = asyncio.get_running_loop()
            read, write = os.pipe()
            if os.fork() == 0:
                time.sleep(0.05)
                os.write(write, b"done")
                os._exit(0)
            there = asyncio.Event()
            loop.add_reader(read, there.set)
            await there.wait()
            loop.remove_reader(read)
            return os.read(read, 10)
        """)

    assert outcome(run) == b"done"
    assert run.blocked == []


def test_a_pool_that_nobody_shuts_down_holds_nobody_up(perform: Perform) -> None:
    run = perform("""
        import asyncio
        from concurrent.futures import ProcessPoolExecutor
        pool = ProcessPoolExecutor(1)
        async def f(world):
            return await asyncio.get_running_loop().run_in_executor(pool, abs, -1)
        """)

    assert outcome(run) == 1
    assert run.outcome is not None
    assert run.end.at <= run.outcome.when.at + AFTERWARDS


def test_an_idle_pool_stops_no_clock(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        from concurrent.futures import ProcessPoolExecutor
        async def f(world):
            with ProcessPoolExecutor(1) as pool:
                await asyncio.get_running_loop().run_in_executor(pool, int)
                await asyncio.sleep(0.05)
                await world.wait()
            return True
        """,
        {"wait": asynchronous(after(0.05))},
    )

    assert outcome(run) is True
    assert run.end.at >= 100_000_000


def test_waiting_for_a_process_on_the_loop_stops_it(perform: Perform) -> None:
    run = perform("""
        import subprocess, sys
        async def f(world):
            return subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True).stdout
        """)

    assert outcome(run) == b"1\n"
    assert {blocked.line for _, blocked in run.blocked} == {3}


def test_who_waits_for_a_process_can_be_cancelled(perform: Perform) -> None:
    run = perform(
        """
        import asyncio, os, signal
        from concurrent.futures import ProcessPoolExecutor
        async def f(world):
            loop = asyncio.get_running_loop()
            pool = ProcessPoolExecutor(1)
            try:
                await loop.run_in_executor(pool, signal.pause)
            finally:
                for pid in pool._processes:
                    os.kill(pid, signal.SIGKILL)
                await asyncio.to_thread(pool.shutdown)
        """,
        cancel_at=1,
    )

    assert run.outcome is not None
    assert run.outcome.error is not None
    assert run.outcome.error.type == "CancelledError"


def test_a_worker_that_dies_breaks_its_pool(perform: Perform) -> None:
    run = perform("""
        import asyncio, os
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        async def f(world):
            with ProcessPoolExecutor(1) as pool:
                try:
                    await asyncio.get_running_loop().run_in_executor(pool, os._exit, 3)
                except BrokenProcessPool:
                    return True
        """)

    assert outcome(run) is True


def test_a_child_has_the_real_clock(perform: Perform) -> None:
    run = perform("""
        import os, time
        def f(world):
            read, write = os.pipe()
            if os.fork() == 0:
                began = time.monotonic()
                time.sleep(0.02)
                os.write(write, b"%d" % ((time.monotonic() - began) * 1000))
                os._exit(0)
            return int(os.read(read, 10))
        """)

    assert 20 <= outcome(run) < 2000


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_worker_knows_the_submission_however_it_is_started(
    perform: Perform, method: str
) -> None:
    run = perform(f"""
        import asyncio, multiprocessing, os
        from concurrent.futures import ProcessPoolExecutor
        def square(number):
            return number * number, os.getpid(), os.getcwd()
        async def f(world):
            loop = asyncio.get_running_loop()
            context = multiprocessing.get_context({method!r})
            pool = ProcessPoolExecutor(1, mp_context=context)
            try:
                answer, pid, folder = await loop.run_in_executor(pool, square, 7)
            finally:
                await asyncio.to_thread(pool.shutdown)
            return answer, pid == os.getpid(), folder == os.getcwd()
        """)

    assert outcome(run) == (49, False, True)
    assert run.blocked == []


def test_an_error_of_a_fresh_interpreter_shows_its_line(perform: Perform) -> None:
    run = perform("""
        import asyncio, multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        def fail(number):
            raise LookupError(number)
        async def f(world):
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                future = pool.submit(fail, 7)
                return str((await asyncio.to_thread(future.exception)).__cause__)
        """)

    assert "kata.py" in outcome(run)
    assert "raise LookupError(number)" in outcome(run)


def test_a_pool_that_dies_while_its_workers_end_stops_no_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio, os, time
        from concurrent.futures import ProcessPoolExecutor
        def end_slowly():
            import multiprocessing.util
            multiprocessing.util.Finalize(None, time.sleep, (0.05,), exitpriority=1)
            return True
        async def f(world):
            loop = asyncio.get_running_loop()
            pool = ProcessPoolExecutor(1)
            answer = await loop.run_in_executor(pool, end_slowly)
            pool.shutdown(wait=False)
            await asyncio.sleep(0.01)
            del pool
            return answer
        """)

    assert outcome(run) is True
    assert run.blocked == []
