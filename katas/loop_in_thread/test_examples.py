import asyncio
import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from .loop_in_thread import LoopThread


async def double(number: int) -> int:
    await asyncio.sleep(0.01)
    return 2 * number


async def broken() -> None:
    raise ConnectionError("no answer")


class Patient:
    """Something that never ends by itself, and says how it was ended."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def wait(self) -> None:
        self.said.append("started")
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            self.said.append("cleaned up")


def test_calls_of_many_threads_are_answered() -> None:
    with LoopThread() as thread, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: thread.run(double(number)), range(40)))

    assert answers == [2 * number for number in range(40)]


def test_submit_does_not_wait() -> None:
    with LoopThread() as thread:
        futures = [thread.submit(double(number)) for number in (1, 2)]

        assert [future.result(5) for future in futures] == [2, 4]


def test_the_error_of_a_coroutine_comes_out() -> None:
    with LoopThread() as thread, pytest.raises(ConnectionError, match="no answer"):
        thread.run(broken())


def test_a_timeout_cancels_the_coroutine() -> None:
    patient = Patient()

    with LoopThread() as thread:
        with pytest.raises(TimeoutError):
            thread.run(patient.wait(), timeout=0.05)
        time.sleep(0.1)

    assert patient.said == ["started", "cleaned up"]


def test_stop_cancels_what_runs_and_ends_the_thread() -> None:
    before = threading.active_count()
    patient = Patient()
    thread = LoopThread()
    thread.start()
    future = thread.submit(patient.wait())
    thread.run(double(1))

    thread.stop()

    assert patient.said == ["started", "cleaned up"]
    assert threading.active_count() == before
    with pytest.raises(CancelledError):
        future.result(5)


def test_a_call_after_stop_is_refused() -> None:
    with LoopThread() as thread:
        assert thread.run(double(1)) == 2

    with pytest.raises(RuntimeError) as refused:
        thread.run(double(1))

    assert refused.type is RuntimeError


def test_run_refuses_to_wait_on_the_own_thread_of_the_loop() -> None:
    with LoopThread() as thread:

        async def ask() -> int:
            return thread.run(double(1))

        with pytest.raises(RuntimeError):
            thread.run(ask(), timeout=5)
