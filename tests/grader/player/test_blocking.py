"""Blocking is a wait on a thread whose loop is running; nothing else is."""

import pytest

from grader.world import rules

from .performing import Perform, blocked, kind, seconds, value

WAITS = {
    "lock": ("lock.acquire()", "Lock.acquire"),
    "with lock": ("with lock: pass", "Lock.__enter__"),
    "lock with a timeout": ("lock.acquire(timeout=5)", "Lock.acquire"),
    "rlock": ("rlock.acquire()", "RLock.acquire"),
    "condition": ("with condition: condition.wait()", "Condition.wait"),
    "event": ("event.wait()", "Event.wait"),
    "semaphore": ("semaphore.acquire()", "Semaphore.acquire"),
    "barrier": ("barrier.wait()", "Barrier.wait"),
    "join": ("thread.join()", "Thread.join"),
    "join with a timeout": ("thread.join(9)", "Thread.join"),
    "queue": ("items.get()", "Queue.get"),
    "simple queue": ("simple.get()", "SimpleQueue.get"),
    "full queue": ("full.put(2)", "Queue.put"),
    "queue join": ("full.join()", "Queue.join"),
    "future": ("future.result()", "Future.result"),
    "future error": ("future.exception()", "Future.exception"),
    "wait": ("concurrent.futures.wait([future])", "wait"),
    "as_completed": (
        "list(concurrent.futures.as_completed([future]))",
        "as_completed",
    ),
    "pool": ("pool.shutdown()", "ThreadPoolExecutor.shutdown"),
    "pool as context": ("with pool: pass", "Executor.__exit__"),
    "pool map": (
        "list(pool.map(abs, [1]))",
        "Executor.map.<locals>.result_iterator",
    ),
}

HOLDING = """
import asyncio, concurrent.futures, queue, threading, time
async def f(world):
    lock, rlock, event = threading.Lock(), threading.RLock(), threading.Event()
    condition, semaphore = threading.Condition(), threading.Semaphore(0)
    barrier, items, simple = threading.Barrier(2), queue.Queue(), queue.SimpleQueue()
    full, pool = queue.Queue(1), concurrent.futures.ThreadPoolExecutor(1)
    full.put(1)
    def hold():
        with lock, rlock:
            time.sleep(1)
        with condition:
            condition.notify()
        event.set(), semaphore.release(), items.put(1), simple.put(1)
        full.get(), full.task_done()
        barrier.wait()
    future = pool.submit(time.sleep, 1)
    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    {call}
"""


@pytest.mark.parametrize("name", WAITS)
def test_a_wait_on_the_loops_thread_is_blocking(perform: Perform, name: str) -> None:
    call, what = WAITS[name]
    run = perform(HOLDING.replace("{call}", call))

    assert blocked(run) == [(what, 19)]


def test_a_wait_is_told_once_however_often_it_goes_on(perform: Perform) -> None:
    run = perform("""
        import threading, time
        async def f(world):
            lock = threading.Lock()
            def hold():
                for _ in range(4):
                    with lock:
                        time.sleep(1)
            thread = threading.Thread(target=hold)
            thread.start()
            lock.acquire()
        """)

    assert blocked(run) == [("Lock.acquire", 10)]


def test_a_synchronous_operation_that_takes_time_is_blocking(perform: Perform) -> None:
    run = perform(
        """
        async def f(world):
            world.fetch()
        """,
        {"fetch": rules.synchronous(rules.after(1.0))},
    )

    assert (blocked(run), seconds(run)) == ([("the operation fetch", 2)], 1.0)


def test_a_synchronous_operation_that_takes_no_time_is_none(perform: Perform) -> None:
    run = perform(
        """
        async def f(world):
            return world.say("hello")
        """,
        {"say": rules.synchronous()},
    )

    assert (value(run), blocked(run), run.idles) == (None, [], 0)


def test_a_loop_in_a_second_thread_can_be_blocked_too(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading, time
        async def inside():
            time.sleep(1)
        def f(world):
            thread = threading.Thread(target=asyncio.run, args=[inside()])
            thread.start()
            thread.join()
        """)

    assert (blocked(run), seconds(run)) == ([("time.sleep(1)", 3)], 1.0)


IDIOMS = {
    "to_thread": """
        async def f(world):
            return await asyncio.gather(*[
                asyncio.to_thread(time.sleep, n % 4 + 1) for n in range(50)
            ])
        """,
    "to_thread from tasks": """
        async def f(world):
            async def one(n):
                for _ in range(5):
                    await asyncio.to_thread(time.sleep, 0.1 * n)
            async with asyncio.TaskGroup() as group:
                for n in range(10):
                    group.create_task(one(n))
        """,
    "own pool": """
        async def f(world):
            loop = asyncio.get_running_loop()
            pool = ThreadPoolExecutor(3)
            try:
                await asyncio.gather(*[
                    loop.run_in_executor(pool, time.sleep, 1) for _ in range(20)
                ])
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        """,
    "one pool, several submitters": """
        async def f(world):
            loop = asyncio.get_running_loop()
            pool = ThreadPoolExecutor(8)
            def submit(n):
                futures = [pool.submit(time.sleep, 0.1) for _ in range(10)]
                for future in futures:
                    future.result()
            await asyncio.gather(
                *[asyncio.to_thread(submit, n) for n in range(5)],
                *[loop.run_in_executor(pool, time.sleep, 0.1) for _ in range(10)],
            )
            pool.shutdown(wait=False)
        """,
    "start threads": """
        async def f(world):
            loop, done = asyncio.get_running_loop(), asyncio.Event()
            ended = []
            def work(n):
                time.sleep(n)
                ended.append(n)
                if len(ended) == 10:
                    loop.call_soon_threadsafe(done.set)
            for n in range(10):
                threading.Thread(target=work, args=[n]).start()
            await done.wait()
        """,
    "queue to a thread": """
        async def f(world):
            loop, items, results = asyncio.get_running_loop(), queue.Queue(), asyncio.Queue()
            def work():
                while (item := items.get()) is not None:
                    time.sleep(0.5)
                    loop.call_soon_threadsafe(results.put_nowait, item * 2)
            thread = threading.Thread(target=work)
            thread.start()
            for n in range(2000):
                items.put(n)
            got = [await results.get() for _ in range(10)]
            return got
        """,
    "sync work in a thread with locks": """
        async def f(world):
            lock, total = threading.Lock(), [0]
            def add():
                for _ in range(3):
                    with lock:
                        time.sleep(0.01)
                        total[0] += 1
            await asyncio.gather(*[asyncio.to_thread(add) for _ in range(8)])
            return total[0]
        """,
    "run_coroutine_threadsafe": """
        async def f(world):
            loop = asyncio.get_running_loop()
            async def inside(n):
                await asyncio.sleep(n)
                return n
            def work(n):
                return asyncio.run_coroutine_threadsafe(inside(n), loop).result()
            return await asyncio.gather(*[asyncio.to_thread(work, n) for n in range(6)])
        """,
    "asyncio.run in a thread": """
        async def f(world):
            async def inside():
                await asyncio.gather(*[asyncio.to_thread(time.sleep, 1) for _ in range(3)])
            await asyncio.to_thread(asyncio.run, inside())
        """,
    "shutdown_default_executor": """
        async def f(world):
            loop = asyncio.get_running_loop()
            futures = [loop.run_in_executor(None, time.sleep, n) for n in range(5)]
            await loop.shutdown_default_executor()
        """,
    "printing and logging": """
        async def f(world):
            import logging
            for n in range(500):
                print(n)
                logging.getLogger("kata").warning("n %s", n)
                await asyncio.sleep(0)
        """,
    "free locks": """
        async def f(world):
            lock, rlock, event = threading.Lock(), threading.RLock(), threading.Event()
            event.set()
            for _ in range(2000):
                with lock, rlock:
                    event.wait(), event.is_set()
        """,
    "finished futures": """
        async def f(world):
            future = concurrent.futures.Future()
            future.set_result(3)
            concurrent.futures.wait([future])
            return future.result(timeout=1)
        """,
    "many submissions to a busy pool": """
        async def f(world):
            loop, pool = asyncio.get_running_loop(), ThreadPoolExecutor(2)
            await asyncio.gather(*[
                loop.run_in_executor(pool, str, n) for n in range(3000)
            ])
            pool.shutdown(wait=False)
        """,
    "an ended thread is joined": """
        async def f(world):
            done = asyncio.Event()
            loop = asyncio.get_running_loop()
            thread = threading.Thread(target=loop.call_soon_threadsafe, args=[done.set])
            thread.start()
            await done.wait()
            thread.join()
        """,
}

HEAD = """
import asyncio, concurrent.futures, queue, threading, time
from concurrent.futures import ThreadPoolExecutor
"""


@pytest.mark.parametrize("order", [[], [1] * 400, [0, 1, 2, 3] * 100, [7, 5, 3] * 150])
@pytest.mark.parametrize("name", IDIOMS)
def test_what_people_do_every_day_is_no_blocking(
    perform: Perform, name: str, order: list[int]
) -> None:
    run = perform(source(name), order=order)

    assert (kind(run), blocked(run)) == ("returned", [])


def source(name: str) -> str:
    from textwrap import dedent

    return HEAD + dedent(IDIOMS[name])


def test_asyncio_run_with_threads_inside_is_no_blocking(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        def f(world):
            async def inside():
                await asyncio.gather(*[asyncio.to_thread(time.sleep, n) for n in range(4)])
            asyncio.run(inside())
        """)

    assert (kind(run), blocked(run), seconds(run)) == ("returned", [], 3.0)
