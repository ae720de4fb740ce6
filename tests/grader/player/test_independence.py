"""No run depends on the ones before it in its player."""

import pytest

from .performing import Performer, ended, value

COUNTS = {
    "globals": """
        count = 0
        def f(world):
            global count
            count += 1
            return count
        """,
    "defaults": """
        def add(seen=[]):
            seen.append(1)
            return len(seen)
        def f(world):
            return add()
        """,
    "caches": """
        import functools
        seen = []
        @functools.cache
        def add():
            seen.append(1)
            return len(seen)
        def f(world):
            return add()
        """,
    "classes": """
        from dataclasses import dataclass
        from enum import Enum
        class Colour(Enum):
            RED = 1
        @dataclass(frozen=True)
        class Point:
            x: "int"
        Point.count = getattr(Point, "count", 0) + 1
        def f(world):
            import sys
            return (Point.count, Point(1) == Point(1), Colour(1).name,
                    sys.modules[Point.__module__].Point is Point)
        """,
    "context variables": """
        import contextvars, decimal
        var = contextvars.ContextVar("var", default=0)
        def f(world):
            var.set(var.get() + 1)
            decimal.getcontext().prec += 1
            return var.get(), decimal.getcontext().prec
        """,
    "tasks": """
        import asyncio
        async def f(world):
            names = [asyncio.create_task(asyncio.sleep(n)).get_name() for n in range(3)]
            loop = asyncio.get_running_loop()
            direct = asyncio.Task(asyncio.sleep(0), loop=loop)
            await direct
            return names, direct.get_name()
        """,
    "the register of tasks": """
        import asyncio
        async def f(world):
            ring = [asyncio.create_task(asyncio.sleep(n)) for n in range(3)]
            await asyncio.wait(ring)
            ring.append(ring)
            known = vars(asyncio.tasks)
            return len(known.get("_all_tasks") or known.get("_scheduled_tasks"))
        """,
    "threads": """
        import threading
        from concurrent.futures import ThreadPoolExecutor
        def f(world):
            thread = threading.Thread(target=int)
            thread.start()
            with ThreadPoolExecutor(1) as pool:
                inside = pool.submit(threading.current_thread).result().name
            return thread.name, inside
        """,
    "clocks": """
        import time
        def f(world):
            time.sleep(3)
            return time.monotonic()
        """,
    "event loops": """
        import asyncio
        def f(world):
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            async def inside():
                return asyncio.get_running_loop() is asyncio.get_event_loop()
            return loop.run_until_complete(inside())
        """,
    "warnings": """
        import warnings
        def f(world):
            with warnings.catch_warnings(record=True) as seen:
                warnings.warn("once")
            warnings.simplefilter("ignore")
            return len(seen)
        """,
}


@pytest.mark.parametrize("collect", [True, False])
@pytest.mark.parametrize("name", COUNTS)
def test_the_module_is_executed_afresh(
    performer: Performer, name: str, *, collect: bool
) -> None:
    source = COUNTS[name]
    player, _ = performer.load(source)
    scenario = "amain" if "async def f" in source else "main"
    seen = [
        value(performer.play(player, scenario=scenario, collect=collect))
        for _ in range(3)
    ]

    assert seen == [seen[0]] * 3


MARKS = {
    "asyncio.sleep": "asyncio.sleep = None",
    "time.sleep": "time.sleep = None",
    "print": "builtins.print = None",
    "lock class": "asyncio.Lock.release = None",
    "thread class": "threading.Thread.daemon = None",
    "recursion": "sys.setrecursionlimit(2000)",
    "trace": "sys.settrace(lambda *_: None)",
    "profile": "sys.setprofile(lambda *_: None)",
    "logging": "import logging; logging.basicConfig()",
    "environment": "os.environ['KATA'] = '1'",
    "path": "sys.path.append('/')",
    "excepthook": "threading.excepthook = print",
    "alarm": "signal.setitimer(signal.ITIMER_REAL, 1000)",
    "the register of tasks": "asyncio.tasks._all_tasks = None",
    "the inside of that register": """
    names = {"_all_tasks", "_scheduled_tasks"} & set(vars(asyncio.tasks))
    vars(asyncio.tasks)[names.pop()].data = None""",
    "the class of a module": """
    class Named(type(time)):
        __dict__ = property(lambda self: {})
    time.__class__ = Named""",
    "equal to all": """
    class Equal:
        def __eq__(self, other): raise KeyError
    asyncio.sleep = Equal()""",
    "thread": "threading.Thread(target=threading.Event().wait).start()",
}


@pytest.mark.parametrize("name", MARKS)
def test_a_player_that_bears_a_mark_is_spent(performer: Performer, name: str) -> None:
    run = performer.perform(f"""
import asyncio, builtins, os, signal, sys, threading, time
def f(world):
    {MARKS[name]}
""")

    assert ended(run).spent
    assert not performer.good


NO_MARKS = {
    "imports": "import json, decimal, csv",
    "gc": "import gc; gc.enable(); gc.freeze()",
    "streams": "sys.stdout = sys.stderr = None",
    "random": "import random; random.seed(3); random.random()",
    "module attributes": "sys.modules['kata'].x = 1",
    "pools": "concurrent.futures.ThreadPoolExecutor(3).submit(int).result()",
    "threads": "[threading.Thread(target=int).start() for _ in range(3)]",
    "loops": "asyncio.run(asyncio.sleep(1))",
    "loop left open": "asyncio.new_event_loop()",
    "policy": "asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())",
    "signals": "signal.signal(signal.SIGPROF, signal.SIG_IGN)",
    "warnings": "import warnings; warnings.showwarning = None; warnings.simplefilter('error')",
    "sets of weak references": "import weakref; weakref.WeakSet.clear = None",
    "error": "1 / 0",
}


@pytest.mark.parametrize("name", NO_MARKS)
def test_ordinary_code_leaves_no_mark(performer: Performer, name: str) -> None:
    run = performer.perform(f"""
import asyncio, concurrent.futures, signal, sys, threading
def f(world):
    {NO_MARKS[name]}
""")

    assert not ended(run).spent


def test_a_watchdog_that_was_taken_away_is_back_in_the_next_run(
    performer: Performer,
) -> None:
    player, _ = performer.load(
        """
        import signal
        def f(world):
            signal.signal(signal.SIGPROF, signal.SIG_IGN)
        def g(world):
            while True: pass
        """,
        cpu=0.05,
        scenarios="""
def main(kata, world): kata.f(world)
def spin(kata, world): kata.g(world)
""",
    )
    performer.play(player, scenario="main")
    run = performer.play(player, scenario="spin")

    assert run.outcome is not None
    assert run.outcome.kind == "processor time"
    assert run.outcome.frames[-1].line == 5


def test_a_hundred_runs_leave_a_player_as_it_was(performer: Performer) -> None:
    source = """
        import asyncio, time
        async def f(world):
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(asyncio.to_thread(time.sleep, n)) for n in range(3)]
            print("done")
            return [task.get_name() for task in tasks]
        """
    player, _ = performer.load(source)
    runs = [performer.play(player, scenario="amain") for _ in range(100)]

    assert runs == [runs[0]] * 100
