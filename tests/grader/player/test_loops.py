"""A submission makes its loops as it likes; all of them live on the world's time."""

import sys

import pytest

from .performing import (
    Perform,
    blocked,
    ended,
    error,
    kind,
    left,
    seconds,
    times,
    value,
)

RUNS = {
    "asyncio.run": "asyncio.run(inside())",
    "asyncio.run(debug)": "asyncio.run(inside(), debug=True)",
    "Runner": "asyncio.Runner().run(inside())",
    "Runner as context": """
    with asyncio.Runner() as runner:
        runner.run(inside())""",
    "Runner with a factory": """
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(inside())""",
    "new_event_loop": """
    loop = asyncio.new_event_loop()
    loop.run_until_complete(inside())
    loop.close()""",
    "set_event_loop": """
    asyncio.set_event_loop(asyncio.new_event_loop())
    asyncio.get_event_loop().run_until_complete(inside())""",
    "explicit class": """
    import selectors
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    loop.run_until_complete(inside())
    loop.close()""",
    "policy": "asyncio.get_event_loop_policy().new_event_loop().run_until_complete(inside())",
    "thread": """
    thread = threading.Thread(target=asyncio.run, args=[inside()])
    thread.start()
    thread.join()""",
    "run_forever": """
    loop = asyncio.new_event_loop()
    loop.create_task(inside()).add_done_callback(lambda _: loop.stop())
    loop.run_forever()
    loop.close()""",
}


@pytest.mark.parametrize("way", RUNS)
def test_every_way_of_running_a_loop_is_virtual(perform: Perform, way: str) -> None:
    run = perform(f"""
import asyncio, threading, time
def f(world):
    async def inside():
        await asyncio.gather(asyncio.sleep(3), asyncio.to_thread(time.sleep, 5))
        world.note("end", asyncio.get_running_loop().time())
    {RUNS[way]}
""")

    assert kind(run) == "returned"
    assert [note.values for note in run.noted("end")] == [[1005.0]]
    assert (seconds(run), blocked(run)) == (5.0, [])


def test_time_goes_on_from_one_loop_to_the_next(perform: Perform) -> None:
    run = perform("""
        import asyncio
        def f(world):
            async def inside(seen):
                await asyncio.sleep(1)
                seen.append(asyncio.get_running_loop().time())
            seen = []
            asyncio.run(inside(seen))
            asyncio.run(inside(seen))
            return seen
        """)

    assert value(run) == [1001.0, 1002.0]
    assert [fact.closed for fact in ended(run).loops] == [True, True]


def test_threads_of_a_loop_end_with_it(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading, time
        def f(world):
            async def inside():
                asyncio.get_running_loop().run_in_executor(None, time.sleep, 200)
                await asyncio.sleep(1)
            asyncio.run(inside())
            return threading.active_count()
        """)

    assert (value(run), seconds(run)) == (1, 200.0)


def test_no_false_alarm_of_the_executor(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        def f(world):
            async def inside():
                await asyncio.to_thread(time.sleep, 299)
                asyncio.get_running_loop().run_in_executor(None, time.sleep, 299)
            asyncio.run(inside())
        """)

    assert (seconds(run), ended(run).warnings) == (598.0, [])


def test_a_loop_inside_a_loop_is_refused(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def inside():
            pass
        async def f(world):
            coroutine = inside()
            try:
                asyncio.run(coroutine)
            finally:
                coroutine.close()
        """)

    assert error(run) == (
        "RuntimeError",
        "asyncio.run() cannot be called from a running event loop",
    )


def test_loops_in_threads_interleave_exactly(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading
        def f(world):
            async def ticks(name, each, count):
                for n in range(count):
                    await asyncio.sleep(each)
                    world.note("tick", name, n)
            threads = [
                threading.Thread(target=asyncio.run, args=[ticks(*what)])
                for what in (("a", 0.3, 4), ("b", 0.2, 5), ("c", 0.7, 2))
            ]
            for thread in threads:
                thread.start()
            asyncio.run(ticks("d", 0.5, 2))
            for thread in threads:
                thread.join()
        """)

    ticks = [(note.when.at / 1e9, *note.values) for note in run.noted("tick")]
    assert ticks == [
        (0.2, "b", 0),
        (0.3, "a", 0),
        (0.4, "b", 1),
        (0.5, "d", 0),
        (0.6, "a", 1),
        (0.6, "b", 2),
        (0.7, "c", 0),
        (0.8, "b", 3),
        (0.9, "a", 2),
        (1.0, "d", 1),
        (1.0, "b", 4),
        (1.2, "a", 3),
        (1.4, "c", 1),
    ]


def test_a_loop_runs_in_a_thread_and_is_used_from_outside(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading, time
        def f(world):
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever)
            thread.start()
            async def double(n):
                await asyncio.sleep(n)
                return 2 * n, asyncio.get_running_loop() is loop
            future = asyncio.run_coroutine_threadsafe(double(3), loop)
            time.sleep(1)
            loop.call_soon_threadsafe(world.note, "called")
            got = future.result(timeout=10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
            return got, time.monotonic()
        """)

    assert value(run) == ((6, True), 1003.0)
    assert times(run, "called") == [1.0]


def test_a_result_from_another_loop_may_come_too_late(perform: Perform) -> None:
    run = perform("""
        import asyncio, concurrent.futures, threading
        def f(world):
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever, daemon=True)
            thread.start()
            future = asyncio.run_coroutine_threadsafe(asyncio.sleep(30), loop)
            try:
                future.result(timeout=2)
            except TimeoutError:
                cancelled = future.cancel()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
            return cancelled
        """)

    assert (value(run), seconds(run)) == (True, 2.0)


def test_a_call_that_wakes_nobody_is_seen_late(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        async def f(world):
            loop = asyncio.get_running_loop()
            def work():
                time.sleep(1)
                loop.call_soon(world.note, "soon")
                time.sleep(1)
                loop.call_soon_threadsafe(world.note, "threadsafe")
            await asyncio.to_thread(work)
        """)

    assert (times(run, "soon"), times(run, "threadsafe")) == ([2.0], [2.0])


def test_stopping_the_callers_loop_is_an_end(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            asyncio.get_running_loop().stop()
            await asyncio.sleep(1)
        """)

    assert error(run) == (
        "RuntimeError",
        "the event loop was stopped before the end",
    )


def test_closing_the_callers_loop_is_refused(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            asyncio.get_running_loop().close()
        """)

    assert error(run) == ("RuntimeError", "Cannot close a running event loop")


def test_a_loop_that_is_stopped_and_closed_is_over(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            stop = loop._run_once
            def once():
                stop()
                if loop._stopping:
                    loop.run_forever = lambda: loop.close()
            loop._run_once = once
            loop.stop()
            await asyncio.sleep(1)
        """)

    assert error(run)[0] == "RuntimeError"


def test_debug_mode_works(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            loop.set_debug(True)
            loop.call_later(0.5, print, "later")
            async with asyncio.timeout(2):
                await asyncio.create_task(asyncio.sleep(1))
            return loop.get_debug()
        """)

    assert (value(run), seconds(run), ended(run).printed) == (True, 1.0, "later\n")


def test_debug_mode_finds_calls_from_the_wrong_thread(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            loop.set_debug(True)
            try:
                await asyncio.to_thread(loop.call_later, 1, print)
            except RuntimeError as error:
                return str(error)
        """)

    assert value(run).startswith("Non-thread-safe operation invoked")


FACTORIES = {
    "plain": "lambda loop, coro, **more: asyncio.Task(coro, loop=loop, **more)",
    "subclass": "lambda loop, coro, **more: Own(coro, loop=loop, **more)",
}


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_task_factory_works(perform: Perform, factory: str) -> None:
    run = perform(
        f"""
        import asyncio
        class Own(asyncio.Task):
            pass
        async def f(world):
            loop = asyncio.get_running_loop()
            loop.set_task_factory({FACTORIES[factory]})
            async def name():
                await asyncio.sleep(1)
                return asyncio.current_task().get_name()
            tasks = [loop.create_task(name(), name=n) for n in (None, "own", None)]
            assert all(isinstance(task, asyncio.Task) for task in tasks)
            return [await task for task in tasks]
        """
    )

    assert value(run) == ["Task-2", "own", "Task-3"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="3.12 brought eager tasks")
def test_eager_tasks_work(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop, seen = asyncio.get_running_loop(), []
            loop.set_task_factory(asyncio.eager_task_factory)
            async def work(n):
                seen.append((n, asyncio.current_task().get_name()))
                await asyncio.sleep(n)
                return n
            first = asyncio.create_task(work(1))
            second = loop.create_task(work(0), name="zero")
            seen.append("made")
            return seen, await first, await second, first.get_name()
        """)

    assert value(run) == ([(1, "Task-2"), (0, "zero"), "made"], 1, 0, "Task-2")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="3.12 brought eager tasks")
def test_an_eager_factory_of_ones_own_works(perform: Perform) -> None:
    run = perform("""
        import asyncio
        class Own(asyncio.Task):
            pass
        async def f(world):
            loop = asyncio.get_running_loop()
            loop.set_task_factory(asyncio.create_eager_task_factory(Own))
            task = asyncio.create_task(asyncio.sleep(1, "slept"))
            return type(task) is Own, await task
        """)

    assert value(run) == (True, "slept")


def test_real_socketpairs_work(perform: Perform) -> None:
    run = perform("""
        import asyncio, socket
        async def f(world):
            loop = asyncio.get_running_loop()
            here, there = socket.socketpair()
            here.setblocking(False), there.setblocking(False)
            async def answer():
                data = await loop.sock_recv(there, 100)
                await asyncio.sleep(2)
                await loop.sock_sendall(there, data[::-1])
            answering = asyncio.create_task(answer())
            await asyncio.sleep(1)
            await loop.sock_sendall(here, b"hello")
            return await loop.sock_recv(here, 100)
        """)

    assert (value(run), seconds(run)) == (b"olleh", 3.0)


def test_streams_over_a_real_socketpair_work(perform: Perform) -> None:
    run = perform("""
        import asyncio, socket
        async def f(world):
            here, there = socket.socketpair()
            reader, writer = await asyncio.open_connection(sock=here)
            other_reader, other_writer = await asyncio.open_connection(sock=there)
            async def echo():
                async for line in other_reader:
                    await asyncio.sleep(0.5)
                    other_writer.write(line.upper())
                    await other_writer.drain()
                other_writer.close()
            echoing = asyncio.create_task(echo())
            got = []
            for line in (b"one\\n", b"two\\n"):
                writer.write(line)
                got.append(await reader.readline())
            writer.write_eof()
            await echoing
            writer.close()
            return got
        """)

    assert (value(run), seconds(run)) == ([b"ONE\n", b"TWO\n"], 1.0)


def test_a_socket_that_stays_silent_is_a_deadlock(perform: Perform) -> None:
    run = perform("""
        import asyncio, socket
        async def f(world):
            here, there = socket.socketpair()
            here.setblocking(False)
            await asyncio.get_running_loop().sock_recv(here, 1)
        """)

    assert kind(run) == "deadlock"


def test_a_file_that_is_always_ready_is_a_livelock(perform: Perform) -> None:
    run = perform("""
        import asyncio, socket
        async def f(world):
            here, there = socket.socketpair()
            asyncio.get_running_loop().add_writer(here, lambda: None)
            await asyncio.sleep(1)
        """)

    assert kind(run) == "livelock"


def test_signal_handlers_work(perform: Perform) -> None:
    run = perform("""
        import asyncio, os, signal
        async def f(world):
            loop, seen = asyncio.get_running_loop(), asyncio.Event()
            loop.add_signal_handler(signal.SIGUSR1, seen.set)
            await asyncio.sleep(1)
            os.kill(os.getpid(), signal.SIGUSR1)
            await seen.wait()
            return loop.remove_signal_handler(signal.SIGUSR1)
        """)

    assert (value(run), seconds(run)) == (True, 1.0)


def test_a_signal_from_a_thread_wakes_the_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio, os, signal, threading, time
        async def f(world):
            loop, seen = asyncio.get_running_loop(), asyncio.Event()
            loop.add_signal_handler(signal.SIGUSR1, seen.set)
            def send():
                time.sleep(1)
                os.kill(os.getpid(), signal.SIGUSR1)
            sending = asyncio.create_task(asyncio.to_thread(send))
            await seen.wait()
            await sending
        """)

    assert kind(run) == "returned"


@pytest.mark.parametrize(
    "call",
    [
        "await asyncio.create_subprocess_exec('true')",
        "await asyncio.create_subprocess_shell('true')",
    ],
)
def test_processes_are_refused(perform: Perform, call: str) -> None:
    run = perform(f"import asyncio\nasync def f(world):\n  {call}")

    assert error(run) == ("NotImplementedError", "no process can be started here")


def test_a_forked_child_leaves_the_wire_alone(perform: Perform) -> None:
    run = perform("""
        import os, time
        def f(world):
            child = os.fork()
            if child == 0:
                begun = time.monotonic()
                time.sleep(0.001)
                os._exit(7 if 0 < time.monotonic() - begun < 5 else 8)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        """)

    assert value(run) == 7


def test_a_forked_child_that_goes_on_says_nothing(perform: Perform) -> None:
    run = perform("""
        import os, time
        def f(world):
            parent = os.getpid()
            child = os.fork()
            if child:
                os.waitpid(child, 0)
            world.note("here", os.getpid() == parent)
        """)

    assert [note.values for note in run.noted("here")] == [[True]]


def test_an_unclosed_loop_is_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def numbers():
            yield 1
            yield 2
        kept = []
        def f(world):
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            async def inside():
                loop.run_in_executor(None, print)
                kept.append(numbers())
                await anext(kept[0])
            loop.run_until_complete(inside())
        """)

    (fact,) = ended(run).loops
    assert (fact.closed, fact.executor_running, fact.generators_open) == (
        False,
        True,
        1,
    )
    assert ended(run).loop_set
    assert left(run) == [("numbers", 3)]


def test_a_policy_that_is_set_is_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        def f(world):
            asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
            async def inside():
                await asyncio.sleep(1)
            asyncio.run(inside())
        """)

    assert (seconds(run), ended(run).policy_set) == (1.0, True)
