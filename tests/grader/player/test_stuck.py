"""A deadlock is seen the moment it is there, a livelock soon after; both name lines."""

import pytest

from grader.world import rules
from grader.world.script import script, step

from .performing import Perform, Performer, kind, seconds, stuck


def test_asyncio_locks_taken_in_opposite_order(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            first, second = asyncio.Lock(), asyncio.Lock()
            async def one(outer, inner):
                async with outer:
                    await asyncio.sleep(1)
                    async with inner:
                        pass
            await asyncio.gather(one(first, second), one(second, first))
        """)

    assert (kind(run), seconds(run)) == ("deadlock", 1.0)
    assert stuck(run) == [
        ("Task-2", 7, "Lock.acquire"),
        ("Task-3", 7, "Lock.acquire"),
        ("Task-1", 9, "asyncio.gather"),
    ]
    assert run.cycle == ["Task-2", "Task-3"]


def test_threading_locks_taken_in_opposite_order(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            first, second = threading.Lock(), threading.RLock()
            def one(outer, inner):
                with outer:
                    time.sleep(1)
                    with inner:
                        pass
            threads = [
                threading.Thread(target=one, args=pair, name=name)
                for name, pair in (("a", (first, second)), ("b", (second, first)))
            ]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        """)

    assert (kind(run), seconds(run)) == ("deadlock", 1.0)
    assert stuck(run) == [
        ("MainThread", 14, "Thread.join"),
        ("a", 7, "RLock.__enter__"),
        ("b", 7, "Lock.__enter__"),
    ]
    assert run.cycle == ["a", "b"]
    assert run.stuck[0].waits_on == "a"


def test_a_thread_against_the_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def g():
            return 1
        async def f(world):
            loop = asyncio.get_running_loop()
            return asyncio.run_coroutine_threadsafe(g(), loop).result()
        """)

    assert (kind(run), seconds(run)) == ("deadlock", 0.0)
    assert stuck(run) == [("MainThread", 6, "Future.result")]


def test_the_loop_joins_a_thread_that_waits_for_the_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading
        async def f(world):
            loop = asyncio.get_running_loop()
            def work():
                asyncio.run_coroutine_threadsafe(asyncio.sleep(1), loop).result()
            thread = threading.Thread(target=work, name="worker")
            thread.start()
            thread.join()
        """)

    assert kind(run) == "deadlock"
    assert ("MainThread", 8, "Thread.join") in stuck(run)
    assert ("worker", 5, "Future.result") in stuck(run)


def test_a_lock_that_is_ones_own(perform: Perform) -> None:
    run = perform("""
        import threading
        def f(world):
            lock = threading.Lock()
            with lock:
                lock.acquire()
        """)

    assert stuck(run) == [("MainThread", 5, "Lock.acquire")]
    assert run.cycle == ["MainThread"]


WAITS = {
    "future": ("await asyncio.get_running_loop().create_future()", "a future"),
    "event": ("await asyncio.Event().wait()", "Event.wait"),
    "queue": ("await asyncio.Queue().get()", "Queue.get"),
    "join": ("q = asyncio.Queue(); q.put_nowait(1); await q.join()", "Queue.join"),
    "semaphore": ("await asyncio.Semaphore(0).acquire()", "Semaphore.acquire"),
    "async with": (
        "\n            async with asyncio.Semaphore(0): pass",
        "Semaphore.acquire",
    ),
    "barrier": ("await asyncio.Barrier(2).wait()", "Barrier.wait"),
    "condition": (
        "c = asyncio.Condition()\n            async with c: await c.wait()",
        "Condition.wait",
    ),
    "task": ("await asyncio.create_task(never(), name='other')", "task other"),
    "gather": ("await asyncio.gather(never(), never())", "asyncio.gather"),
    "wait": ("await asyncio.wait([asyncio.create_task(never())])", "wait"),
    "wait_for": ("await asyncio.wait_for(never(), None)", "Event.wait"),
    "shield": ("await asyncio.shield(asyncio.create_task(never()))", "a future"),
    "group": (
        "\n            async with asyncio.TaskGroup() as g: g.create_task(never())",
        "TaskGroup.__aexit__",
    ),
    "iteration": ("\n            async for _ in numbers(): pass", "Event.wait"),
    "anext": ("await anext(numbers(), None)", "Event.wait"),
    "own awaitable": ("await Own()", "a future"),
    "thread": ("await asyncio.to_thread(threading.Event().wait)", "to_thread"),
}


@pytest.mark.parametrize("name", WAITS)
def test_what_a_task_waits_for_is_named(perform: Perform, name: str) -> None:
    call, waits_for = WAITS[name]
    run = perform(f"""
        import asyncio, threading
        async def never(): await asyncio.Event().wait()
        async def numbers():
            await asyncio.Event().wait()
            yield 1
        class Own:
            def __await__(self):
                yield from asyncio.get_running_loop().create_future()
        async def f(world):
            {call}
        """)

    assert (kind(run), seconds(run)) == ("deadlock", 0.0)
    (main,) = [each for each in run.stuck if each.name == "Task-1"]
    assert main.waits_for == waits_for
    assert main.line in {10, 11, 4, 2, 8}


def test_a_task_that_waits_for_itself_through_another(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            tasks = {}
            async def wait_for(name):
                await asyncio.sleep(1)
                await tasks[name]
            tasks["a"] = asyncio.create_task(wait_for("b"), name="a")
            tasks["b"] = asyncio.create_task(wait_for("a"), name="b")
            await tasks["a"]
        """)

    assert stuck(run) == [
        ("a", 6, "task b"),
        ("b", 6, "task a"),
        ("Task-1", 9, "task a"),
    ]
    assert run.cycle == ["a", "b"]


def test_tasks_of_one_name_are_not_taken_for_each_other(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            async def never():
                await asyncio.Event().wait()
            async def follow(other):
                await other
            first = asyncio.create_task(never(), name="worker")
            await asyncio.create_task(follow(first), name="worker")
        """)

    assert (kind(run), run.cycle) == ("deadlock", [])


def test_an_operation_that_never_ends(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            await asyncio.gather(world.fetch(1), one(world))
        async def one(world):
            await world.fetch(2)
        """,
        {"fetch": rules.asynchronous(rules.never())},
    )

    assert kind(run) == "deadlock"
    assert [each[1:] for each in stuck(run)] == [
        (3, "the operation fetch"),
        (5, "the operation fetch"),
        (3, "asyncio.gather"),
    ]


def test_a_synchronous_operation_that_never_ends(perform: Perform) -> None:
    run = perform(
        "def f(world):\n  world.fetch(1)",
        {"fetch": rules.synchronous(rules.never())},
    )

    assert stuck(run) == [("MainThread", 2, "the operation fetch")]


def test_threads_wait_for_a_queue_that_nobody_fills(perform: Perform) -> None:
    run = perform("""
        import queue, threading
        def f(world):
            items = queue.Queue()
            thread = threading.Thread(target=items.get)
            thread.start()
            def work():
                while True:
                    items.get()
            threading.Thread(target=work, daemon=True).start()
            thread.join()
        """)

    assert stuck(run) == [
        ("MainThread", 10, "Thread.join"),
        ("Thread-2 (work)", 8, "Queue.get"),
    ]


def test_a_deadlock_among_loops_in_threads(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading
        def f(world):
            async def never():
                await asyncio.Event().wait()
            thread = threading.Thread(target=asyncio.run, args=[never()])
            thread.start()
            asyncio.run(never())
        """)

    assert [each[1:] for each in stuck(run)] == [(4, "Event.wait")] * 2


def test_a_deadlock_while_it_is_imported(perform: Perform) -> None:
    run = perform("""
        import threading
        threading.Event().wait()
        def f(world): pass
        """)

    assert stuck(run) == [("MainThread", 2, "Event.wait")]


LIVELOCKS = {
    "sleep(0)": """
        import asyncio
        async def f(world):
            while True:
                await asyncio.sleep(0)
        """,
    "call_soon": """
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            def again():
                loop.call_soon(again)
            again()
            await asyncio.sleep(1)
        """,
    "timers of no length": """
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            def again():
                loop.call_later(0, again)
            again()
            await asyncio.sleep(1)
        """,
    "two tasks": """
        import asyncio
        async def f(world):
            async def spin():
                while True:
                    await asyncio.sleep(0)
            await asyncio.gather(spin(), spin())
        """,
    "a second loop": """
        import asyncio
        def f(world):
            async def spin():
                while True:
                    await asyncio.sleep(0)
            asyncio.run(spin())
        """,
    "a loop in a thread": """
        import asyncio, threading
        def f(world):
            async def spin():
                while True:
                    await asyncio.sleep(0)
            thread = threading.Thread(target=asyncio.run, args=[spin()])
            thread.start()
            thread.join()
        """,
    "time.sleep(0)": """
        import time
        def f(world):
            while True:
                time.sleep(0)
        """,
    "time.sleep(0) in a thread": """
        import threading, time
        def f(world):
            def spin():
                while True:
                    time.sleep(0)
            threading.Thread(target=spin).start()
            time.sleep(1)
        """,
    "swallowed": """
        import asyncio
        async def f(world):
            while True:
                try:
                    await asyncio.sleep(0)
                except BaseException:
                    pass
        """,
}


@pytest.mark.parametrize("name", LIVELOCKS)
def test_turns_without_end_are_a_livelock(perform: Perform, name: str) -> None:
    run = perform(LIVELOCKS[name])

    assert (kind(run), seconds(run)) == ("livelock", 0.0)
    assert run.stuck != [] or name.startswith(("call_soon", "timers", "time.sleep"))


def test_a_livelock_names_the_task_that_spins(perform: Perform) -> None:
    run = perform(LIVELOCKS["two tasks"])

    assert stuck(run) == [
        ("Task-2", 5, "its next turn"),
        ("Task-3", 5, "its next turn"),
        ("Task-1", 6, "asyncio.gather"),
    ]


@pytest.mark.parametrize("turns", [100, 5000])
def test_many_turns_are_no_livelock(perform: Perform, turns: int) -> None:
    run = perform(f"""
        import asyncio
        async def f(world):
            for _ in range({turns}):
                await asyncio.sleep(0)
        """)

    assert kind(run) == "returned"


def test_a_spinning_thread_lets_others_run(perform: Perform) -> None:
    run = perform("""
        import threading, time
        def f(world):
            done = []
            def spin():
                while not done:
                    time.sleep(0)
            def work():
                for _ in range(100):
                    time.sleep(0)
                done.append(1)
            threads = [threading.Thread(target=each) for each in (spin, work)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        """)

    assert kind(run) == "returned"


@pytest.mark.parametrize("order", [[], [1] * 5000, [0, 1] * 2500])
def test_a_spinning_loop_lets_threads_run(perform: Perform, order: list[int]) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            def work():
                return sum(range(100))
            working = asyncio.create_task(asyncio.to_thread(work))
            while not working.done():
                await asyncio.sleep(0)
            return working.result()
        """,
        order=order,
    )

    assert kind(run) == "returned"


SPINS = {
    "coroutine": ("async def f(world):\n  while True: pass", 2),
    "function": ("def f(world):\n  while True: pass", 2),
    "callback": (
        """
        import asyncio
        def spin():
            while True: pass
        async def f(world):
            asyncio.get_running_loop().call_soon(spin)
            await asyncio.sleep(1)
        """,
        3,
    ),
    "thread": (
        """
        import threading
        def spin():
            while True: pass
        def f(world):
            thread = threading.Thread(target=spin)
            thread.start()
            thread.join()
        """,
        3,
    ),
    "pool": (
        """
        import asyncio
        def spin():
            while True: pass
        async def f(world):
            await asyncio.to_thread(spin)
        """,
        3,
    ),
    "raw thread": (
        """
        import _thread, time
        def spin():
            while True: pass
        def f(world):
            _thread.start_new_thread(spin, ())
            time.sleep(1)
        """,
        3,
    ),
    "swallows": (
        """
        async def f(world):
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
        """,
        4,
    ),
    "import": ("while True: pass\ndef f(world): pass", 1),
}


@pytest.mark.parametrize("name", SPINS)
def test_code_that_never_waits_is_ended_and_named(perform: Perform, name: str) -> None:
    source, line = SPINS[name]
    run = perform(source, cpu=0.05)

    assert run.outcome is not None
    assert run.outcome.kind == "processor time"
    assert run.outcome.frames[-1].line == line


UNENDING = {
    "sync": """
        import threading
        def f(world):
            while True:
                try:
                    threading.Event().wait()
                except BaseException:
                    pass
        """,
    "async": """
        import time
        async def f(world):
            while True:
                try:
                    time.sleep(9e9)
                except BaseException:
                    pass
        """,
    "run": """
        import asyncio, time
        def f(world):
            async def inside():
                while True:
                    try:
                        await asyncio.Event().wait()
                    except BaseException:
                        pass
            while True:
                try:
                    asyncio.run(inside())
                except BaseException:
                    pass
        """,
    "clock": """
        import threading, time
        def f(world):
            try:
                threading.Event().wait()
            except BaseException:
                end = time.monotonic() + 5
                while time.monotonic() < end:
                    pass
        """,
}


@pytest.mark.parametrize("name", UNENDING)
def test_a_run_that_will_not_unwind_keeps_its_outcome(
    perform: Perform, name: str
) -> None:
    run = perform(UNENDING[name])

    assert kind(run) == "deadlock"
    assert stuck(run) != []


def test_of_a_script_only_its_actors_are_stuck(performer: Performer) -> None:
    player, _ = performer.load(
        """
        import asyncio
        class Lock:
            async def take(self):
                await asyncio.Event().wait()
        def lock():
            return Lock()
        """,
        scenarios="""
async def amain(kata, world, steps):
    await world.follow(steps, lock=kata.lock())
""",
    )
    steps = script(step(0, "Ann", "call", "lock.take"), step(1, "Bob", "peek", "lock"))

    run = performer.play(player, scenario="amain", args={"steps": steps})

    assert (kind(run), stuck(run)) == (
        "deadlock",
        [("Ann", 4, "Event.wait")],
    )
