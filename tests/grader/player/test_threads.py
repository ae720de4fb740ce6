"""Threads take turns on one baton, and wait in the world's time."""

from typing import Any

import pytest

from grader.world import rules
from grader.world.record import Run

from .performing import Perform, blocked, ended, error, kind, seconds, stuck, value


def test_a_threads_sleep_interleaves_with_the_loops_timers(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading, time
        async def f(world):
            seen = []
            def work():
                for n in range(4):
                    time.sleep(0.5)
                    seen.append(("thread", time.monotonic()))
            thread = threading.Thread(target=work)
            thread.start()
            for n in range(3):
                await asyncio.sleep(0.7)
                seen.append(("loop", time.monotonic()))
            return seen
        """)

    assert value(run) == [
        ("thread", 1000.5),
        ("loop", 1000.7),
        ("thread", 1001.0),
        ("loop", 1001.4),
        ("thread", 1001.5),
        ("thread", 1002.0),
        ("loop", 1002.1),
    ]


def test_no_two_threads_run_at_once(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            inside, seen = [], []
            def work(name):
                for _ in range(50):
                    inside.append(name)
                    sum(range(2000))
                    seen.append(len(inside))
                    inside.remove(name)
                    time.sleep(0.001)
            threads = [threading.Thread(target=work, args=[n]) for n in range(10)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return max(seen), len(seen)
        """)

    assert value(run) == (1, 500)


WORK = """
import threading, time
def f(world):
    seen = []
    def work(name):
        for n in range(3):
            time.sleep(1)
            seen.append(name)
    threads = [threading.Thread(target=work, args=[name]) for name in "abcd"]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return "".join(seen)
"""


@pytest.mark.parametrize(
    ("order", "seen"),
    [
        ([], "abcdabcdabcd"),
        ([0] * 40, "abcdabcdabcd"),
        ([1] * 40, "bdcabdcabdca"),
        ([3, 2, 1] * 40, None),
    ],
)
def test_threads_wake_in_the_order_that_is_drawn(
    perform: Perform, order: list[int], seen: str | None
) -> None:
    first, second = (value(perform(WORK, order=order)) for _ in range(2))

    assert first == second
    assert sorted(first) == sorted("abcdabcdabcd")
    assert seen is None or len(first) == len(seen)


def test_different_orders_are_different_runs(perform: Perform) -> None:
    seen = {
        value(perform(WORK, order=order))
        for order in ([0] * 40, [1] * 40, [2] * 40, [3, 1, 2] * 20)
    }

    assert len(seen) >= 3


def test_join_with_a_timeout_waits_no_longer(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            thread = threading.Thread(target=time.sleep, args=[3])
            thread.start()
            seen = []
            for limit in (1, 0, -1, 1.5, None, None):
                thread.join(limit)
                seen.append((time.monotonic(), thread.is_alive()))
            return seen
        """)

    assert value(run) == [
        (1001.0, True),
        (1001.0, True),
        (1001.0, True),
        (1002.5, True),
        (1003.0, False),
        (1003.0, False),
    ]


def test_join_says_what_cannot_be_joined(perform: Perform) -> None:
    run = perform("""
        import threading
        def f(world):
            seen = []
            for thread in (threading.Thread(target=print), threading.current_thread()):
                try:
                    thread.join()
                except RuntimeError as error:
                    seen.append(str(error))
            thread = threading.Thread(target=int)
            thread.start()
            try:
                thread.start()
            except RuntimeError as error:
                seen.append(str(error))
            return seen
        """)

    assert value(run) == [
        "cannot join thread before it is started",
        "cannot join current thread",
        "threads can only be started once",
    ]


@pytest.mark.parametrize("order", [[], [1] * 30, [2, 0, 1] * 10])
def test_a_thread_can_be_joined_from_a_thread_at_once(
    perform: Perform, order: list[int]
) -> None:
    run = perform(
        """
        import threading, time
        def f(world):
            seen = []
            def slow():
                seen.append(threading.current_thread().is_alive())
                time.sleep(2)
            first = threading.Thread(target=slow)
            def wait():
                while first.ident is None:
                    time.sleep(0)
                first.join()
                seen.append(time.monotonic())
            second = threading.Thread(target=wait)
            second.start()
            first.start()
            second.join()
            return seen
        """,
        order=order,
    )

    assert value(run) == [True, 1002.0]


def test_joining_the_main_thread_is_no_real_wait(perform: Perform) -> None:
    run = perform("""
        import threading
        def f(world):
            thread = threading.Thread(target=threading.main_thread().join)
            thread.start()
            thread.join()
        """)

    assert kind(run) == "deadlock"
    assert stuck(run) == [("MainThread", 5, "Thread.join")]


PRIMITIVES = {
    "Lock": """
        lock, seen = threading.Lock(), []
        def work(n):
            with lock:
                time.sleep(1)
                seen.append((n, time.monotonic() - 1000))
        start(work, 3)
        return seen
        """,
    "RLock": """
        lock, seen = threading.RLock(), []
        def work(n):
            with lock, lock:
                time.sleep(1)
                seen.append((n, time.monotonic() - 1000))
        start(work, 3)
        return seen
        """,
    "Condition": """
        condition, seen, ready = threading.Condition(), [], []
        def work(n):
            with condition:
                condition.wait_for(lambda: len(ready) > n)
                seen.append((n, time.monotonic() - 1000))
        def feed(_):
            for n in range(3):
                time.sleep(1)
                with condition:
                    ready.append(n)
                    condition.notify_all()
        threading.Thread(target=feed, args=[0]).start()
        start(work, 3)
        return seen
        """,
    "Event": """
        event, seen = threading.Event(), []
        threading.Timer(2, event.set).start()
        def work(n):
            seen.append((event.wait(1), event.wait(), time.monotonic() - 1000))
        start(work, 2)
        return seen
        """,
    "Semaphore": """
        semaphore, seen = threading.BoundedSemaphore(2), []
        def work(n):
            with semaphore:
                time.sleep(1)
                seen.append((n, time.monotonic() - 1000))
        start(work, 4)
        return seen
        """,
    "Barrier": """
        barrier, seen = threading.Barrier(3), []
        def work(n):
            time.sleep(n)
            barrier.wait()
            seen.append(time.monotonic() - 1000)
        start(work, 3)
        return seen
        """,
    "local": """
        local, seen = threading.local(), []
        local.n = "main"
        def work(n):
            local.n = n
            time.sleep(1)
            seen.append(local.n)
        start(work, 3)
        return seen, local.n
        """,
    "Queue": """
        items, seen = queue.Queue(2), []
        def make(_):
            for n in range(4):
                items.put(n)
                seen.append(("put", n, time.monotonic() - 1000))
        threading.Thread(target=make, args=[0]).start()
        for _ in range(4):
            time.sleep(1)
            seen.append(("got", items.get(), time.monotonic() - 1000))
            items.task_done()
        items.join()
        return seen
        """,
    "timeouts": """
        seen = []
        for wait in (
            lambda: threading.Lock().acquire(timeout=1),
            lambda: held.acquire(timeout=1),
            lambda: threading.Semaphore(0).acquire(timeout=1),
            lambda: threading.Event().wait(1),
            lambda: condition_wait(1),
            lambda: queue.Queue().get(timeout=1),
            lambda: queue.LifoQueue().get(timeout=1),
            lambda: queue.PriorityQueue().get(timeout=1),
            lambda: queue.SimpleQueue().get(timeout=1),
            lambda: full.put(1, timeout=1),
            lambda: threading.Barrier(2).wait(1),
            lambda: futures.Future().result(timeout=1),
        ):
            try:
                seen.append((wait(), time.monotonic() - 1000))
            except Exception as error:
                seen.append((type(error).__name__, time.monotonic() - 1000))
        return seen
        """,
}

HEAD = """
import concurrent.futures as futures, queue, threading, time
held = threading.Lock()
held.acquire()
full = queue.Queue(1)
full.put(0)
def condition_wait(limit):
    condition = threading.Condition()
    with condition:
        return condition.wait(limit)
def start(work, count):
    threads = [threading.Thread(target=work, args=[n]) for n in range(count)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
def f(world):
"""

SEEN = {
    "Lock": [(0, 1.0), (1, 2.0), (2, 3.0)],
    "RLock": [(0, 1.0), (1, 2.0), (2, 3.0)],
    "Condition": [(0, 1.0), (1, 2.0), (2, 3.0)],
    "Event": [(False, True, 2.0), (False, True, 2.0)],
    "Semaphore": [(0, 1.0), (1, 1.0), (2, 2.0), (3, 2.0)],
    "Barrier": [2.0, 2.0, 2.0],
    "local": ([0, 1, 2], "main"),
    "Queue": [
        ("put", 0, 0.0),
        ("put", 1, 0.0),
        ("got", 0, 1.0),
        ("put", 2, 1.0),
        ("got", 1, 2.0),
        ("put", 3, 2.0),
        ("got", 2, 3.0),
        ("got", 3, 4.0),
    ],
    "timeouts": [
        (True, 0.0),
        (False, 1.0),
        (False, 2.0),
        (False, 3.0),
        (False, 4.0),
        ("Empty", 5.0),
        ("Empty", 6.0),
        ("Empty", 7.0),
        ("Empty", 8.0),
        ("Full", 9.0),
        ("BrokenBarrierError", 10.0),
        ("TimeoutError", 11.0),
    ],
}


@pytest.mark.parametrize("name", PRIMITIVES)
def test_what_threads_wait_with_is_virtual(perform: Perform, name: str) -> None:
    run = perform(HEAD + PRIMITIVES[name])

    assert value(run) == SEEN[name]


@pytest.mark.parametrize("order", [[1] * 99, [2, 1] * 50, [0, 3, 1, 2] * 25])
@pytest.mark.parametrize("name", ["Lock", "Semaphore", "Barrier", "Queue", "Event"])
def test_a_drawn_order_changes_no_times(
    perform: Perform, name: str, order: list[int]
) -> None:
    run = perform(HEAD + PRIMITIVES[name], order=order)

    assert _last_numbers(value(run)) == _last_numbers(SEEN[name])


def _last_numbers(seen: Any) -> list[Any]:
    return sorted(each[-1] if isinstance(each, tuple) else each for each in seen)


@pytest.mark.parametrize(
    ("call", "raised"),
    [
        ("Lock().release()", "RuntimeError: release unlocked lock"),
        ("RLock().release()", "RuntimeError: cannot release un-acquired lock"),
        (
            "Lock().acquire(False, 1)",
            "ValueError: can't specify a timeout for a non-blocking call",
        ),
        (
            "Lock().acquire(timeout=-2)",
            "ValueError: timeout value must be a non-negative number",
        ),
        ("Lock().acquire(timeout=1e10)", "OverflowError: timeout value is too large"),
        ("Condition().notify()", "RuntimeError: cannot notify on un-acquired lock"),
        (
            "BoundedSemaphore(1).release()",
            "ValueError: Semaphore released too many times",
        ),
    ],
)
def test_misuse_of_locks_is_told_as_ever(
    perform: Perform, call: str, raised: str
) -> None:
    run = perform(f"from threading import *\ndef f(world):\n  {call}")

    assert ": ".join(error(run)) == raised


def test_locks_look_as_ever(perform: Perform) -> None:
    run = perform("""
        import _thread, threading
        def f(world):
            lock, rlock = threading.Lock(), threading.RLock()
            with lock:
                held = lock.locked()
            with rlock:
                text = repr(rlock)
            return (
                held, lock.locked(), repr(lock).startswith("<unlocked _thread.lock object"),
                text.startswith("<locked _thread.RLock object owner="),
                isinstance(_thread.allocate_lock(), type(lock)),
            )
        """)

    assert value(run) == (True, False, True, True, True)


def test_a_condition_hands_over_in_turn(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            condition, seen = threading.Condition(threading.Lock()), []
            def work(n):
                with condition:
                    condition.wait()
                    seen.append(n)
            threads = [threading.Thread(target=work, args=[n]) for n in range(4)]
            for thread in threads: thread.start()
            time.sleep(1)
            for _ in range(4):
                with condition:
                    condition.notify()
            for thread in threads: thread.join()
            return seen
        """)

    assert value(run) == [0, 1, 2, 3]


def test_threads_are_counted_and_named_afresh(perform: Perform) -> None:
    run = perform("""
        import threading, time
        from concurrent.futures import ThreadPoolExecutor
        def f(world):
            def name():
                time.sleep(1)
                return threading.current_thread().name
            threads = [threading.Thread(target=name) for _ in range(2)]
            for thread in threads: thread.start()
            seen = [thread.name for thread in threading.enumerate()]
            count = threading.active_count()
            idents = len({thread.ident for thread in threads} - {None})
            for thread in threads: thread.join()
            with ThreadPoolExecutor(1) as pool:
                seen.append(pool.submit(name).result())
            return seen, count, idents, threading.active_count()
        """)

    assert value(run) == (
        [
            "MainThread",
            "Thread-1 (name)",
            "Thread-2 (name)",
            "ThreadPoolExecutor-0_0",
        ],
        3,
        2,
        1,
    )


def test_raw_threads_take_part(perform: Perform) -> None:
    run = perform("""
        import _thread, time
        def f(world):
            done, seen = _thread.allocate_lock(), []
            done.acquire()
            def work(n, *, last):
                time.sleep(n)
                seen.append(_thread.get_ident() != main)
                if last:
                    done.release()
            main = _thread.get_ident()
            _thread.start_new_thread(work, (1,), {"last": False})
            _thread.start_new_thread(work, (2,), {"last": True})
            done.acquire()
            return seen, time.monotonic()
        """)

    assert value(run) == ([True, True], 1002.0)


def test_an_exception_in_a_thread_is_printed_and_ends_it_alone(
    perform: Perform,
) -> None:
    run = perform("""
        import threading
        def work():
            raise KeyError("lost")
        def f(world):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            return thread.is_alive()
        """)

    assert value(run) is False
    assert "Exception in thread Thread-1 (work):" in ended(run).printed
    assert "KeyError: 'lost'" in ended(run).printed


def test_an_exception_in_a_raw_thread_is_printed(perform: Perform) -> None:
    run = perform("""
        import _thread, time
        def work():
            raise KeyError("lost")
        def f(world):
            _thread.start_new_thread(work, ())
            time.sleep(1)
        """)

    assert (
        "Exception ignored in thread started by: <function work" in ended(run).printed
    )
    assert "KeyError: 'lost'" in ended(run).printed


@pytest.mark.parametrize("leave", ["sys.exit(3)", "raise SystemExit", "_thread.exit()"])
def test_a_thread_may_leave_quietly(perform: Perform, leave: str) -> None:
    run = perform(f"""
        import _thread, sys, threading
        def work():
            {leave}
        def f(world):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            return "on"
        """)

    assert (value(run), ended(run).printed) == ("on", "")


def test_a_thread_that_is_left_is_told(perform: Perform) -> None:
    run = perform("""
        import threading
        def work(event):
            event.wait()
        def f(world):
            event = threading.Event()
            threading.Thread(target=work, args=[event], name="idler").start()
        """)

    (thread,) = ended(run).left
    assert (thread.name, thread.line, thread.waits_for) == ("idler", 3, "Event.wait")
    assert ended(run).spent


def test_a_thread_that_never_ends_holds_no_run_open(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def work():
            while True:
                time.sleep(1)
        def f(world):
            threading.Thread(target=work).start()
            time.sleep(2.5)
        """)

    assert (kind(run), seconds(run)) == ("returned", 2.5)
    assert [thread.name for thread in ended(run).left] == ["Thread-1 (work)"]


def idle(run: Run) -> list[tuple[float, str, int, str]]:
    """Return which threads outlived the run while nothing was going on, and when."""
    return [
        (moment.at / 1e9, each.name, each.line, each.waits_for)
        for moment, each in run.idle_threads
    ]


def test_a_thread_that_outlives_the_run_for_a_while_is_told(perform: Perform) -> None:
    run = perform("""
        import queue, threading, time
        def work(jobs):
            try: jobs.get(timeout=5)
            except queue.Empty: pass
        def f(world):
            threading.Thread(target=work, args=[queue.Queue()], name="idler").start()
            time.sleep(2)
        """)

    assert idle(run) == [(2, "idler", 3, "Queue.get")]
    assert ended(run).left == []


def test_a_thread_that_ends_in_the_instant_of_the_run_is_not_idle(
    perform: Perform,
) -> None:
    run = perform(
        """
        import asyncio
        from concurrent.futures import ThreadPoolExecutor
        async def f(world):
            pool = ThreadPoolExecutor(2)
            await asyncio.get_running_loop().run_in_executor(pool, world.work)
            pool.shutdown(wait=False)
        """,
        {"work": rules.synchronous(rules.after(1))},
    )

    assert (seconds(run), idle(run)) == (1, [])


def test_a_thread_that_performs_an_operation_is_not_idle(perform: Perform) -> None:
    run = perform(
        """
        import asyncio, threading
        async def f(world):
            threading.Thread(target=world.work).start()
        """,
        {"work": rules.synchronous(rules.after(3))},
    )

    assert (seconds(run), run.end.at, idle(run)) == (0, 3 * 10**9, [])


def test_idle_threads_of_the_callers_loop_are_excused(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            await asyncio.to_thread(int)
            asyncio.get_running_loop().call_later(3, int)
        """)

    assert (run.end.at, idle(run)) == (3 * 10**9, [])


def test_a_thread_that_ends_later_is_not_left(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            threading.Thread(target=time.sleep, args=[5]).start()
        """)

    assert (seconds(run), run.end.at, ended(run).left) == (0, 5 * 10**9, [])


def test_operations_run_in_threads(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            return await asyncio.gather(*[
                asyncio.to_thread(world.fetch, n) for n in range(3)
            ])
        """,
        {"fetch": rules.synchronous(rules.after(1.0, gives="page"))},
    )

    assert (value(run), seconds(run)) == (["page"] * 3, 1.0)
    assert [operation.thread for operation in run.operations] == [1, 2, 3]
    assert blocked(run) == []


def test_many_threads_fit(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            threads = [threading.Thread(target=time.sleep, args=[1]) for _ in range(200)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            return len(threads)
        """)

    assert (value(run), seconds(run)) == (200, 1.0)


def test_threads_that_cannot_be_started_harm_nobody(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            threading.stack_size(1 << 29)
            started = []
            try:
                for _ in range(10):
                    thread = threading.Thread(target=time.sleep, args=[1])
                    thread.start()
                    started.append(thread)
            except RuntimeError as error:
                for thread in started:
                    thread.join()
                return str(error)
        """)

    assert value(run) == "can't start new thread"


POOLS = {
    "map": ("list(pool.map(work, [3, 1, 2]))", [3, 1, 2], 3.0),
    "submit": (
        "[future.result() for future in [pool.submit(work, n) for n in (3, 1, 2)]]",
        [3, 1, 2],
        3.0,
    ),
    "as_completed": (
        (
            "[future.result() for future in "
            "futures.as_completed([pool.submit(work, n) for n in (3, 1, 2)])]"
        ),
        [1, 3, 2],
        3.0,
    ),
    "wait": (
        (
            "len(futures.wait([pool.submit(work, n) for n in (3, 1, 2)], "
            "return_when='FIRST_COMPLETED').done)"
        ),
        1,
        1.0,
    ),
    "wait with a timeout": (
        "len(futures.wait([pool.submit(work, n) for n in (3, 1, 2)], 2.5).done)",
        1,
        2.5,
    ),
    "timeout": ("late(pool.submit(work, 3))", "TimeoutError", 1.0),
    "map timeout": (
        "late(lambda: list(pool.map(work, [1, 2, 3], timeout=2.5)))",
        "TimeoutError",
        2.5,
    ),
    "shutdown": ("pool.submit(work, 2) and pool.shutdown()", None, 2.0),
    "shutdown without a wait": (
        "pool.submit(work, 2) and pool.shutdown(wait=False)",
        None,
        0.0,
    ),
    "cancel_futures": (
        "cancelled([pool.submit(work, 2) for _ in range(5)], pool)",
        3,
        2.0,
    ),
    "cancel": ("[pool.submit(work, 2) for _ in range(3)][2].cancel()", True, 0.0),
    "callback": ("called(pool.submit(work, 2))", [2], 2.0),
    "error": ("late(pool.submit(int, 'x'))", "ValueError", 0.0),
}

POOL = """
import concurrent.futures as futures, time
def work(n):
    time.sleep(n)
    return n
def late(what):
    try:
        return what() if callable(what) else what.result(timeout=1)
    except Exception as error:
        return type(error).__name__
def cancelled(made, pool):
    pool.shutdown(cancel_futures=True)
    return sum(each.cancelled() for each in made)
def called(future):
    seen = []
    future.add_done_callback(lambda each: seen.append(each.result()))
    future.result()
    return seen
def f(world):
    pool = futures.ThreadPoolExecutor(2)
    got = {call}
    pool.shutdown(wait=False)
    return got, time.monotonic() - 1000
"""


@pytest.mark.parametrize("name", POOLS)
def test_pools_are_virtual(perform: Perform, name: str) -> None:
    call, got, after = POOLS[name]
    run = perform(POOL.replace("{call}", call))

    assert value(run) == (got, after)
    assert ended(run).left == []


def test_a_pool_that_is_kept_is_told(perform: Perform) -> None:
    run = perform("""
        from concurrent.futures import ThreadPoolExecutor
        POOL = ThreadPoolExecutor(2)
        def f(world):
            return POOL.submit(int).result()
        """)

    assert [thread.name for thread in ended(run).left] == ["ThreadPoolExecutor-0_0"]


def test_idle_threads_of_the_callers_loop_are_not_left(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            await asyncio.to_thread(int)
        """)

    assert (ended(run).left, ended(run).spent) == ([], False)


def test_busy_threads_of_the_callers_loop_are_left(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading
        async def f(world):
            waiting = asyncio.create_task(asyncio.to_thread(threading.Event().wait))
            await asyncio.sleep(1)
            waiting.cancel()
        """)

    assert [thread.name for thread in ended(run).left] == ["asyncio_0"]
    assert ended(run).spent


def test_a_loop_that_runs_in_a_thread_is_stopped_after_the_run(
    perform: Perform,
) -> None:
    run = perform("""
        import asyncio, threading
        def f(world):
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever, name="loop")
            thread.start()
            return asyncio.run_coroutine_threadsafe(asyncio.sleep(1, 7), loop).result()
        """)

    assert [thread.name for thread in ended(run).left] == ["loop"]
    assert (value(run), ended(run).spent) == (7, False)
