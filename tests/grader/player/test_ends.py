"""How a run ends: with a value, an exception, a cancellation, and what it leaves."""

import pytest

from grader.world import rules

from .performing import (
    Perform,
    Performer,
    ended,
    error,
    kind,
    left,
    seconds,
    value,
    warned,
)

RAISES = {
    "sys.exit": ("sys.exit(3)", ("SystemExit", "3")),
    "SystemExit": ("raise SystemExit", ("SystemExit", "")),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", ("KeyboardInterrupt", "")),
    "BaseException": ("raise Own('mine')", ("Own", "mine")),
    "GeneratorExit": ("raise GeneratorExit", ("GeneratorExit", "")),
    "Exception": ("raise ValueError('x')", ("ValueError", "x")),
    "CancelledError": ("raise asyncio.CancelledError", ("CancelledError", "")),
}

PLACES = {
    "coroutine": """
import asyncio, sys
class Own(BaseException): pass
async def f(world):
    {call}
""",
    "function": """
import asyncio, sys
class Own(BaseException): pass
def f(world):
    {call}
""",
    "awaited task": """
import asyncio, sys
class Own(BaseException): pass
async def inside():
    {call}
async def f(world):
    await asyncio.create_task(inside())
""",
    "asyncio.run": """
import asyncio, sys
class Own(BaseException): pass
def f(world):
    async def inside():
        {call}
    asyncio.run(inside())
""",
    "thread": """
import asyncio, sys
class Own(BaseException): pass
def inside():
    {call}
async def f(world):
    await asyncio.to_thread(inside)
""",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", RAISES)
def test_what_is_raised_is_told(perform: Perform, place: str, name: str) -> None:
    call, raised = RAISES[name]
    run = perform(PLACES[place].replace("{call}", call))

    assert error(run) == raised
    assert run.outcome is not None
    assert run.outcome.error is not None
    assert run.outcome.error.frames[-1].line in {4, 5}


@pytest.mark.parametrize("call", ["sys.exit(3)", "raise KeyboardInterrupt"])
def test_leaving_from_a_callback_ends_the_run(perform: Perform, call: str) -> None:
    run = perform(f"""
        import asyncio, sys
        def leave():
            {call}
        async def f(world):
            asyncio.get_running_loop().call_later(1, leave)
            await asyncio.sleep(2)
            return "too late"
        """)

    assert (kind(run), seconds(run)) == ("raised", 1.0)


def test_leaving_from_a_forgotten_task_ends_the_run(perform: Perform) -> None:
    run = perform("""
        import asyncio, sys
        async def leave():
            await asyncio.sleep(1)
            sys.exit("from a task")
        async def f(world):
            kept = asyncio.create_task(leave())
            await asyncio.sleep(2)
        """)

    assert (error(run), seconds(run)) == (("SystemExit", "from a task"), 1.0)


def test_an_exception_in_a_callback_ends_nothing(perform: Perform) -> None:
    run = perform("""
        import asyncio
        class Own(BaseException): pass
        def fail(kind):
            raise kind("in a callback")
        async def f(world):
            loop = asyncio.get_running_loop()
            loop.call_soon(fail, ValueError)
            loop.call_soon(fail, Own)
            await asyncio.sleep(1)
            return "on"
        """)

    assert value(run) == "on"
    assert [line for _, line in warned(run)] == [4, 4]
    assert "ValueError: in a callback" in warned(run)[0][0]


def test_a_group_of_exceptions_is_told_with_its_members(perform: Perform) -> None:
    run = perform("""
        async def f(world):
            inner = KeyError("k")
            inner.add_note("a note")
            raise BaseExceptionGroup("many", [
                ValueError("v"), ExceptionGroup("inner", [inner]), KeyboardInterrupt(),
            ])
        """)

    assert run.outcome is not None
    failure = run.outcome.error
    assert failure is not None
    assert failure.group is not None
    assert [each.type for each in failure.group] == [
        "ValueError",
        "ExceptionGroup",
        "KeyboardInterrupt",
    ]
    assert failure.group[1].group is not None
    assert failure.group[1].group[0].notes == ["a note"]
    assert failure.bases[:3] == ["BaseExceptionGroup", "BaseException", "object"]


def test_a_submission_that_cannot_be_executed_raises_so(perform: Perform) -> None:
    run = perform("""
        def f(world): pass
        raise KeyError("x")
        """)

    assert error(run) == ("Unloadable", "importing the file raised KeyError: 'x'")


def test_importing_takes_no_time_of_the_run(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        time.sleep(5)
        asyncio.run(asyncio.sleep(2))
        async def f(world):
            await asyncio.sleep(1)
            return time.monotonic()
        """)

    assert (value(run), seconds(run)) == (1008.0, 1.0)


# --- cancellation -------------------------------------------------------------

SWEPT = """
import asyncio
async def f(world):
    await asyncio.sleep(1)
    async with asyncio.timeout(10):
        await asyncio.gather(asyncio.sleep(2), asyncio.sleep(3))
    await asyncio.to_thread(int)
    return await world.fetch()
"""


@pytest.mark.parametrize(
    ("place", "outcome", "at"),
    [
        (1, "raised", 0.0),
        (2, "raised", 1.0),
        (3, "raised", 3.0),
        (4, "raised", 4.0),
        (5, "returned", 6.0),
    ],
)
def test_a_run_is_cancelled_at_each_quiet_instant(
    perform: Perform, place: int, outcome: str, at: float
) -> None:
    run = perform(
        SWEPT, {"fetch": rules.asynchronous(rules.after(2.0))}, cancel_at=place
    )

    assert (kind(run), seconds(run)) == (outcome, at)
    assert (run.cancel_sent is None) == (outcome == "returned")
    assert left(run) == []


def test_a_blocked_loop_hears_of_its_cancellation_when_the_wait_is_over(
    perform: Perform,
) -> None:
    run = perform(
        """
        import asyncio, time
        async def f(world):
            time.sleep(2)
            await asyncio.sleep(5)
        """,
        cancel_at=1,
    )

    assert (kind(run), error(run)[0], seconds(run)) == ("raised", "CancelledError", 2.0)


def test_a_swallowed_cancellation_goes_on(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                await asyncio.sleep(5)
            return "on"
        """,
        cancel_at=1,
    )

    assert (value(run), seconds(run)) == ("on", 5.0)


def test_a_synchronous_scenario_cannot_be_cancelled(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        def f(world):
            asyncio.run(asyncio.sleep(1))
        """,
        cancel_at=1,
    )

    assert (kind(run), seconds(run)) == ("returned", 1.0)


def test_the_line_of_a_raise_that_chose_an_error_is_told(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def call(fetch):
            return await fetch()
        async def retry(fetch):
            try:
                return await call(fetch)
            except OSError:
                raise
        async def f(world):
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(retry(world.fetch))
            except BaseExceptionGroup as errors:
                raise errors.exceptions[0] from None
        """,
        {"fetch": rules.asynchronous(rules.after(1, fails="OSError"))},
    )

    assert run.outcome is not None
    assert run.outcome.error is not None
    frames = run.outcome.error.frames
    assert [(each.function, each.line, each.raised) for each in frames] == [
        ("f", 14, True),
        ("retry", 6, False),
        ("call", 3, False),
    ]


# --- what is left -------------------------------------------------------------


def test_tasks_that_are_left_are_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def tick():
            while True:
                await asyncio.sleep(1)
        async def f(world):
            world.kept = [asyncio.create_task(tick(), name=name) for name in "ab"]
            await asyncio.sleep(0.5)
        """)

    assert left(run) == [("a", 4), ("b", 4)]
    assert [each.waits_for for each in run.left] == ["sleep", "sleep"]
    assert (kind(run), ended(run).spent) == ("returned", False)


def test_a_task_that_never_began_is_told_by_where_it_was_made(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            asyncio.create_task(
                asyncio.sleep(1), name="lost")
        """)

    assert left(run) == [("lost", 3)]


def test_suspended_generators_are_told(perform: Perform) -> None:
    run = perform("""
        kept = []
        async def numbers():
            yield 1
            yield 2
        async def f(world):
            for _ in range(2):
                kept.append(numbers())
                await anext(kept[-1])
        """)

    assert [(each.kind, each.name, each.line) for each in run.left] == [
        ("generator", "numbers", 3)
    ] * 2


def test_a_task_that_blocks_its_thread_is_told_by_its_line(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading, time
        async def block():
            time.sleep(50)
        async def f(world):
            threading.Thread(target=asyncio.run, args=[block()]).start()
            await asyncio.sleep(1)
        """)

    assert left(run) == [("Task-2", 3)]
    assert run.left[0].waits_for == "time.sleep(50)"


def test_a_task_that_will_not_end_spends_the_player(perform: Perform) -> None:
    run = perform("""
        import asyncio
        kept = []
        async def stay():
            while True:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    pass
        async def f(world):
            kept.append(asyncio.create_task(stay()))
            await asyncio.sleep(1)
        """)

    assert (kind(run), ended(run).spent) == ("returned", True)


def test_a_leak_does_not_reach_the_next_run(performer: Performer) -> None:
    source = """
        import asyncio, threading
        kept = []
        async def tick(world):
            await asyncio.sleep(100)
            world.note("tick")
        async def f(world):
            kept.append(asyncio.create_task(tick(world)))
            await asyncio.sleep(0)
            return len(kept), asyncio.current_task().get_name()
        """
    player, _ = performer.load(source)

    first = performer.play(player, scenario="amain")
    second = performer.play(player, scenario="amain")

    assert value(first) == value(second) == (1, "Task-1")
    assert len(first.noted("tick")) == len(second.noted("tick")) == 1


def test_what_unwinds_after_the_end_is_not_told(perform: Perform) -> None:
    run = perform("""
        import asyncio
        kept = []
        async def noisy():
            try:
                await asyncio.Event().wait()
            finally:
                print("unwound")
                asyncio.sleep(1)
                raise ValueError
        async def f(world):
            kept.append(asyncio.create_task(noisy()))
            await asyncio.sleep(1)
        """)

    assert (ended(run).printed, warned(run)) == ("", [])


def test_what_unwinds_after_a_deadlock_is_not_told(perform: Perform) -> None:
    run = perform("""
        import asyncio, threading
        def f(world):
            def work():
                threading.Event().wait()
            threading.Thread(target=work).start()
            async def inside():
                try:
                    await asyncio.Event().wait()
                finally:
                    print("unwound")
            asyncio.run(inside())
        """)

    assert (kind(run), ended(run).printed, warned(run)) == ("deadlock", "", [])


@pytest.mark.parametrize(
    ("leave", "told"),
    [
        ("os._exit(0)", "the process ended by itself with exit code 0"),
        ("os.kill(os.getpid(), 9)", "the process was ended by SIGKILL"),
        ("os.abort()", "the process was ended by SIGABRT"),
    ],
)
def test_a_process_that_ends_is_told(perform: Perform, leave: str, told: str) -> None:
    run = perform(f"import os\ndef f(world):\n  {leave}")

    assert run.outcome is not None
    assert (run.outcome.kind, run.outcome.detail) == ("crashed", told)
