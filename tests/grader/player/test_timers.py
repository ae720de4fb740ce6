"""Time inside a loop is the world's, to the nanosecond, and ties keep their order."""

import pytest

from .performing import Perform, blocked, ended, kind, seconds, value


@pytest.mark.parametrize(
    "make",
    [
        "loop.call_later(0.5, done.append, n)",
        "loop.call_at(loop.time() + 0.5, done.append, n)",
        "asyncio.create_task(sleeper(n))",
    ],
)
def test_equal_timers_fire_in_the_order_they_were_made(
    perform: Perform, make: str
) -> None:
    run = perform(f"""
        import asyncio
        async def f(world):
            loop, done, kept = asyncio.get_running_loop(), [], []
            async def sleeper(n):
                await asyncio.sleep(0.5)
                done.append(n)
            for n in range(50):
                kept.append({make})
            await asyncio.sleep(1)
            return done
        """)

    assert value(run) == list(range(50))


def test_equal_timers_of_different_calls_keep_one_order(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop, done = asyncio.get_running_loop(), []
            for n in range(0, 30, 3):
                loop.call_at(loop.time() + 0.1, done.append, n)
                loop.call_later(0.1, done.append, n + 1)
                asyncio.timeout_at(loop.time() + 0.1)
                loop.call_at(1000.1, done.append, n + 2)
            await asyncio.sleep(0.1)
            await asyncio.sleep(0)
            return done
        """)

    assert value(run) == list(range(30))


def test_timers_of_equal_sums_are_equal(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            done = []
            async def one():
                for _ in range(3):
                    await asyncio.sleep(0.1)
                done.append("thrice 0.1")
            async def two():
                await asyncio.sleep(0.3)
                done.append("once 0.3")
            await asyncio.gather(one(), two())
            return done, asyncio.get_running_loop().time()
        """)

    assert value(run) == (["once 0.3", "thrice 0.1"], 1000.3)


def test_ten_tenths_are_one(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            for _ in range(10):
                await asyncio.sleep(0.1)
            return asyncio.get_running_loop().time()
        """)

    assert (value(run), seconds(run)) == (1001.0, 1.0)


def test_a_loop_begins_at_1000_seconds(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            return asyncio.get_running_loop().time()
        """)

    assert value(run) == 1000.0


def test_a_timer_says_when_it_fires(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            later, at = loop.call_later(2.5, print), loop.call_at(1007, print)
            return later.when(), at.when(), later.cancelled()
        """)

    assert value(run) == (1002.5, 1007.0, False)


@pytest.mark.parametrize("length", ["31536000", "31536000.5", "3e9 / 7", "10**8 + 0.1"])
def test_long_sleeps_end_at_once(perform: Perform, length: str) -> None:
    run = perform(f"""
        import asyncio
        async def f(world):
            await asyncio.sleep({length})
            return "done"
        """)

    assert value(run) == "done"
    assert seconds(run) == pytest.approx(eval(length), abs=1e-9)


def test_timers_fire_when_a_float_cannot_tell_nanoseconds_any_more(
    perform: Perform,
) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            await asyncio.sleep(31536000.5)
            for _ in range(100):
                await asyncio.sleep(0.1)
                await asyncio.sleep(1e-9)
                await asyncio.wait({asyncio.create_task(asyncio.sleep(1e-9))}, timeout=9)
            return "done"
        """)

    assert value(run) == "done"
    assert seconds(run) == pytest.approx(31536010.5, abs=1e-6)
    assert run.idles < 400


@pytest.mark.parametrize("length", ["float('inf')", "1e300", "2**70"])
def test_a_sleep_for_ever_is_no_timer(perform: Perform, length: str) -> None:
    run = perform(f"""
        import asyncio
        async def f(world):
            await asyncio.sleep({length})
        """)

    assert kind(run) == "deadlock"
    assert seconds(run) == 0


def test_a_sleep_for_ever_can_be_cut_short(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            try:
                await asyncio.wait_for(asyncio.sleep(float("inf")), 2)
            except TimeoutError:
                return "cut"
        """)

    assert (value(run), seconds(run)) == ("cut", 2.0)


def test_cancelled_timers_do_not_hold_the_clock(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            for timer in [loop.call_later(n, print) for n in range(1, 200)]:
                timer.cancel()
            await asyncio.sleep(1000)
        """)

    assert (kind(run), seconds(run), run.idles) == ("returned", 1000.0, 1)


def test_a_timer_that_is_cancelled_last_does_not_move_the_clock(
    perform: Perform,
) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            timer = asyncio.get_running_loop().call_later(5, print)
            await asyncio.sleep(1)
            timer.cancel()
            await asyncio.Event().wait()
        """)

    assert (kind(run), seconds(run)) == ("deadlock", 1.0)


@pytest.mark.parametrize("delay", ["0", "-1", "-1e300", "-float('inf')", "1e-12"])
def test_a_delay_of_nothing_fires_at_once(perform: Perform, delay: str) -> None:
    run = perform(f"""
        import asyncio
        async def f(world):
            loop, done = asyncio.get_running_loop(), []
            loop.call_later({delay}, done.append, 1)
            loop.call_at(loop.time() + {delay}, done.append, 2)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return sorted(done)
        """)

    assert (value(run), seconds(run)) == ([1, 2], 0.0)


def test_timeouts_are_exact(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop, seen = asyncio.get_running_loop(), []
            for limit in (0.1, 0.25, 1, 3.3):
                begun = loop.time()
                try:
                    async with asyncio.timeout(limit):
                        await asyncio.sleep(100)
                except TimeoutError:
                    seen.append(round(loop.time() - begun, 9))
            return seen
        """)

    assert value(run) == [0.1, 0.25, 1, 3.3]


def test_a_thousand_timeouts_at_one_instant_are_no_busy_wait(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            async def one(n):
                async with asyncio.timeout(5):
                    await asyncio.sleep(1)
                    return n
            return sum(await asyncio.gather(*map(one, range(3000))))
        """)

    assert (value(run), seconds(run), blocked(run)) == (4498500, 1.0, [])


def test_timers_of_a_thousand_tasks_cost_one_turn_an_instant(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            async def one(n):
                for _ in range(4):
                    await asyncio.sleep(n % 3 + 1)
            await asyncio.gather(*map(one, range(1000)))
        """)

    assert (seconds(run), run.idles, ended(run).spent) == (12.0, 8, False)


def test_none_is_no_time(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            loop, seen = asyncio.get_running_loop(), []
            for call in (loop.call_later, loop.call_at):
                try:
                    call(None, print)
                except TypeError as error:
                    seen.append(str(error))
            return seen
        """)

    assert value(run) == ["delay must not be None", "when cannot be None"]
