"""`time` reads the world's clock; sleeping and waiting busily on it move it."""

import pytest

from .performing import Perform, blocked, ended, error, kind, seconds, times, value


def test_clocks_begin_at_the_same_instant_everywhere(perform: Perform) -> None:
    run = perform("""
        import time
        def f(world):
            return [
                time.time(), time.monotonic(), time.perf_counter(),
                time.time_ns(), time.monotonic_ns(), time.perf_counter_ns(),
                time.clock_gettime(time.CLOCK_MONOTONIC),
                time.clock_gettime_ns(time.CLOCK_REALTIME),
            ]
        """)

    assert value(run) == [
        1767225600.0,
        1000.0,
        1000.0,
        1767225600 * 10**9,
        1000 * 10**9,
        1000 * 10**9,
        1000.0,
        1767225600 * 10**9,
    ]


def test_clocks_follow_the_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        async def f(world):
            await asyncio.sleep(2.5)
            loop = asyncio.get_running_loop()
            return time.monotonic(), time.perf_counter(), time.time(), loop.time()
        """)

    assert value(run) == (1002.5, 1002.5, 1767225602.5, 1002.5)


def test_calendars_follow_too(perform: Perform) -> None:
    run = perform("""
        import time
        def f(world):
            time.sleep(3600)
            return (
                time.strftime("%Y %H", time.gmtime()), time.gmtime().tm_hour,
                time.gmtime(0).tm_year, time.localtime() == time.localtime(time.time()),
                time.ctime(0) == time.asctime(time.localtime(0)),
                time.strftime("%M"),
            )
        """)

    assert value(run) == ("2026 01", 1, 1970, True, True, "00")


def test_processor_time_is_real(perform: Perform) -> None:
    run = perform("""
        import time
        def f(world):
            return 0 < time.process_time() < 5, time.clock_gettime(2) < 5
        """)

    assert value(run) == (True, True)


def test_clocks_kept_in_a_class_stay_functions(perform: Perform) -> None:
    run = perform("""
        import time
        from dataclasses import dataclass, field
        from typing import Callable
        class Plain:
            clock = time.monotonic
            sleep = time.sleep
        @dataclass
        class Data:
            clock: Callable[[], float] = time.monotonic
        def f(world):
            Plain().sleep(1)
            return Plain().clock(), Data().clock(), time.time.__name__
        """)

    assert value(run)[:2] == (1001.0, 1001.0)


def test_sleep_in_a_plain_function_moves_the_clock_and_blocks_nobody(
    perform: Perform,
) -> None:
    run = perform("""
        import time
        def f(world):
            time.sleep(1.5)
            time.sleep(2)
            return time.monotonic()
        """)

    assert (value(run), seconds(run), blocked(run)) == (1003.5, 3.5, [])


def test_sleep_on_the_loops_thread_is_blocking(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        async def g():
            time.sleep(0.25)
        async def f(world):
            await asyncio.create_task(g(), name="sleeper")
        """)

    assert [(at.at, what.task) for at, what in run.blocked] == [(0, "sleeper")]
    assert blocked(run) == [("time.sleep(0.25)", 3)]
    assert (seconds(run), run.idles) == (0.25, 1)


def test_sleep_on_the_loops_thread_delays_all_other_tasks(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        async def f(world):
            async def tick():
                await asyncio.sleep(1)
                return asyncio.get_running_loop().time()
            ticking = asyncio.create_task(tick())
            await asyncio.sleep(0)
            time.sleep(5)
            return await ticking
        """)

    assert value(run) == 1005.0


def test_no_cancellation_reaches_a_blocked_loop(perform: Perform) -> None:
    run = perform(
        """
        import asyncio, time
        async def f(world):
            time.sleep(1)
            await asyncio.sleep(1)
            time.sleep(1)
        """,
        cancel_at=1,
    )

    assert (error(run)[0], seconds(run)) == ("CancelledError", 1.0)


@pytest.mark.parametrize("length", ["0", "0.0", "False"])
def test_sleep_of_nothing_is_no_wait(perform: Perform, length: str) -> None:
    run = perform(f"""
        import time
        async def f(world):
            time.sleep({length})
        """)

    assert (kind(run), seconds(run), blocked(run)) == ("returned", 0, [])


@pytest.mark.parametrize(
    ("length", "raised"),
    [
        ("-1", ("ValueError", "sleep length must be non-negative")),
        ("float('nan')", ("ValueError", "Invalid value NaN (not a number)")),
        (
            "'1'",
            ("TypeError", "'str' object cannot be interpreted as an integer"),
        ),
        (
            "float('inf')",
            ("OverflowError", "timestamp out of range for platform time_t"),
        ),
    ],
)
def test_sleep_refuses_what_is_no_length(
    perform: Perform, length: str, raised: tuple[str, str]
) -> None:
    run = perform(f"import time\ndef f(world):\n  time.sleep({length})")

    assert error(run) == raised


def test_sleeping_for_ages_is_for_ever(perform: Perform) -> None:
    run = perform("import time\ndef f(world):\n  time.sleep(9e9)")

    assert kind(run) == "deadlock"


@pytest.mark.parametrize(
    "clock",
    [
        "time.monotonic",
        "time.time",
        "time.perf_counter",
        "asyncio.get_running_loop().time",
        "lambda: time.monotonic_ns() / 1e9",
        "lambda: time.clock_gettime(time.CLOCK_MONOTONIC)",
    ],
)
def test_a_busy_wait_on_a_clock_ends_and_is_named(perform: Perform, clock: str) -> None:
    run = perform(f"""
        import asyncio, time
        async def f(world):
            clock = {clock}
            end = clock() + 0.05
            while clock() < end:
                pass
        """)

    assert [what for what, _ in blocked(run)] == ["a busy wait"]
    assert blocked(run)[0][1] in {3, 5}
    assert seconds(run) == pytest.approx(0.05, abs=0.002)


@pytest.mark.parametrize("length", [0.5, 2, 30, 600, 100_000])
def test_a_long_busy_wait_ends_almost_in_time(perform: Perform, length: float) -> None:
    run = perform(f"""
        import time
        def f(world):
            end = time.monotonic() + {length}
            while time.monotonic() < end:
                pass
        """)

    assert kind(run) == "returned"
    assert length <= seconds(run) <= length * 1.03


def test_a_busy_wait_in_a_thread_blocks_no_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        def spin():
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                pass
            return "spun"
        async def f(world):
            async def tick():
                for n in range(5):
                    await asyncio.sleep(0.1)
                    world.note("tick")
            return (await asyncio.gather(asyncio.to_thread(spin), tick()))[0]
        """)

    assert value(run) == "spun"
    assert times(run, "tick") == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert blocked(run) == []
    assert seconds(run) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    "look",
    [
        "lock.acquire(False)",
        "lock.acquire(timeout=0)",
        "event.wait(0)",
        "not thread.join(0) and not thread.is_alive()",
    ],
)
def test_looking_at_a_lock_again_and_again_is_a_busy_wait(
    perform: Perform, look: str
) -> None:
    run = perform(f"""
        import asyncio, threading, time
        async def f(world):
            lock, event = threading.Lock(), threading.Event()
            def hold():
                with lock:
                    time.sleep(0.01)
                event.set()
            thread = threading.Thread(target=hold)
            thread.start()
            while not ({look}):
                pass
            return "ended"
        """)

    assert value(run) == "ended"
    assert blocked(run) == [("a busy wait", 11)] or blocked(run) == [
        ("a busy wait", 10)
    ]
    assert seconds(run) == pytest.approx(0.01, abs=0.002)


def test_reading_a_clock_once_in_each_of_many_tasks_costs_nothing(
    perform: Perform,
) -> None:
    run = perform("""
        import asyncio, time
        async def f(world):
            async def one():
                begun = time.monotonic()
                await asyncio.sleep(1)
                return time.monotonic() - begun
            return sum(await asyncio.gather(*(one() for _ in range(2000))))
        """)

    assert (value(run), seconds(run), blocked(run)) == (2000.0, 1.0, [])


def test_a_hundred_readings_at_one_instant_cost_nothing(perform: Perform) -> None:
    run = perform("""
        import time
        def f(world):
            return [time.monotonic() for _ in range(900)][-1]
        """)

    assert value(run) == 1000.0


def test_what_the_standard_library_reads_is_no_busy_wait(perform: Perform) -> None:
    run = perform("""
        import concurrent.futures, queue, threading
        def f(world):
            waiting = queue.Queue()
            for n in range(5000):
                waiting.put(n, timeout=1)
            for n in range(5000):
                waiting.get(timeout=1)
            done = []
            for n in range(3000):
                future = concurrent.futures.Future()
                future.set_result(n)
                done.append(future)
            for future in concurrent.futures.as_completed(done, timeout=5):
                future.result(timeout=1)
            condition = threading.Condition(threading.Lock())
            for n in range(3000):
                with condition:
                    condition.notify_all()
        """)

    assert (seconds(run), kind(run)) == (0, "returned")


def test_debug_mode_measures_slow_steps_in_virtual_time(perform: Perform) -> None:
    run = perform("""
        import asyncio, time
        async def slow():
            time.sleep(0.5)
        async def f(world):
            asyncio.get_running_loop().set_debug(True)
            await asyncio.create_task(slow())
        """)

    assert "took 0.500 seconds" in ended(run).printed


def test_a_stop_watch_in_the_standard_library_is_virtual_too(perform: Perform) -> None:
    run = perform("""
        import sched, time, timeit
        def f(world):
            seen, plan = [], sched.scheduler()
            plan.enter(5, 1, seen.append, ["late"])
            plan.enter(2, 1, seen.append, ["early"])
            plan.run()
            return seen, timeit.default_timer()
        """)

    assert (value(run), seconds(run)) == ((["early", "late"], 1005.0), 5.0)


def test_dates_follow_too(perform: Perform) -> None:
    run = perform("""
        import datetime, time
        from datetime import date, timedelta, timezone
        def f(world):
            begun = datetime.datetime.now()
            time.sleep(86400.25)
            now = datetime.datetime.now(timezone.utc)
            return [
                str(begun), str(now), str(now.astimezone(timezone(timedelta(hours=1)))),
                str(datetime.datetime.utcnow()), str(datetime.datetime.today()),
                str(date.today()), str(datetime.datetime.now() - begun),
            ]
        """)

    assert value(run) == [
        "2026-01-01 00:00:00",
        "2026-01-02 00:00:00.250000+00:00",
        "2026-01-02 01:00:00.250000+01:00",
        "2026-01-02 00:00:00.250000",
        "2026-01-02 00:00:00.250000",
        "2026-01-02",
        "1 day, 0:00:00.250000",
    ]


def test_dates_are_what_they_always_were(perform: Perform) -> None:
    run = perform("""
        import copy, pickle
        from datetime import date, datetime
        class Mine(datetime): pass
        def f(world):
            now = datetime.now()
            return [
                repr(now), repr(date.today()), now.date() == date.today(),
                isinstance(now, date), isinstance(now.date(), date),
                isinstance(now.date(), datetime), isinstance(now, Mine),
                type(Mine.now()) is Mine, isinstance(Mine.now(), datetime),
                issubclass(datetime, date), issubclass(Mine, datetime),
                issubclass(datetime, Mine), pickle.loads(pickle.dumps(now)) == now,
                copy.copy(now) == now, {now: 1}[datetime.now()],
            ]
        """)

    assert value(run) == [
        "datetime.datetime(2026, 1, 1, 0, 0)",
        "datetime.date(2026, 1, 1)",
        *[True, True, True, False, False, True, True, True, True, False],
        *[True, True, 1],
    ]


def test_looking_at_the_date_again_and_again_is_a_busy_wait(perform: Perform) -> None:
    run = perform("""
        from datetime import datetime, timedelta
        async def f(world):
            end = datetime.now() + timedelta(seconds=2)
            while datetime.now() < end:
                pass
        """)

    assert blocked(run) == [("a busy wait", 4)]
    assert seconds(run) >= 2


def test_the_machine_is_the_same_everywhere(perform: Perform) -> None:
    run = perform("""
        import os, time
        from concurrent.futures import ThreadPoolExecutor
        def f(world):
            count = getattr(os, "process_cpu_count", os.cpu_count)
            pool = ThreadPoolExecutor()
            return os.cpu_count(), count(), pool._max_workers, time.tzname
        """)

    assert value(run) == (4, 4, 8, ("UTC", "UTC"))
