"""One order, in every run, in every player, on every Python."""

import pytest

from grader.world import rules

from .performing import Perform, Performer, error, value

ORDERS = {
    "asyncio.wait": """
        import asyncio
        async def f(world):
            tasks = [asyncio.create_task(asyncio.sleep(1, n)) for n in range(100)]
            done, _ = await asyncio.wait(tasks)
            return [task.result() for task in done]
        """,
    "all_tasks": """
        import asyncio
        async def f(world):
            tasks = [asyncio.create_task(asyncio.sleep(1), name=str(n)) for n in range(99)]
            return [task.get_name() for task in asyncio.all_tasks()]
        """,
    "TaskGroup": """
        import asyncio
        async def f(world):
            seen = []
            async def wait(n):
                try:
                    await asyncio.sleep(9)
                finally:
                    seen.append(n)
            async def fail():
                await asyncio.sleep(1)
                raise ValueError
            try:
                async with asyncio.TaskGroup() as group:
                    for n in range(50):
                        group.create_task(wait(n))
                    group.create_task(fail())
            except ExceptionGroup:
                return seen
        """,
    "set of tasks and futures": """
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            mixed = {loop.create_future() for _ in range(20)}
            for n, future in enumerate(mixed):
                future.set_result(n)
            done, _ = await asyncio.wait(mixed)
            return [future.result() for future in done]
        """,
    "as_completed": """
        import asyncio
        async def f(world):
            made = [asyncio.sleep(1, n) for n in range(40)]
            return [await each for each in asyncio.as_completed(made)]
        """,
    "tasks of a factory": """
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            loop.set_task_factory(lambda loop, coro, **more: asyncio.Task(coro, loop=loop, **more))
            tasks = {loop.create_task(asyncio.sleep(1, n)) for n in range(60)}
            return [task.get_name() for task in tasks]
        """,
    "futures of a pool": """
        import concurrent.futures
        def f(world):
            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                made = [pool.submit(int, n) for n in range(60)]
                done, _ = concurrent.futures.wait(made)
                late = list(concurrent.futures.as_completed(made))
            return [each.result() for each in done] + [each.result() for each in late]
        """,
    "threads": """
        import threading
        def f(world):
            return [each.name for each in {threading.Thread() for _ in range(40)}]
        """,
    "strings": """
        def f(world):
            return list({str(n) for n in range(50)})
        """,
    "random": """
        import random
        def f(world):
            return [random.random(), random.randint(0, 10**9), random.sample(range(99), 5)]
        """,
}


@pytest.mark.parametrize("name", ORDERS)
def test_every_player_sees_one_order(performer: Performer, name: str) -> None:
    source = ORDERS[name]
    scenario = "amain" if "async def f" in source else "main"
    player, _ = performer.load(source)
    again = [value(performer.play(player, scenario=scenario)) for _ in range(4)]
    fresh = [value(performer.perform(source)) for _ in range(3)]

    assert again + fresh == [again[0]] * 7


def test_siblings_are_cancelled_oldest_first(perform: Perform) -> None:
    assert value(perform(ORDERS["TaskGroup"])) == list(range(50))


def test_all_tasks_come_oldest_first(perform: Perform) -> None:
    assert value(perform(ORDERS["all_tasks"])) == ["Task-1", *map(str, range(99))]


def test_the_same_random_numbers_are_drawn_on_every_python(perform: Perform) -> None:
    assert value(perform(ORDERS["random"]))[:2] == [0.8444218515250481, 813847339]


def test_a_task_says_what_it_is(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            task, future = asyncio.create_task(asyncio.sleep(0)), asyncio.Future()
            return (
                isinstance(task, asyncio.Task), isinstance(task, asyncio.Future),
                asyncio.isfuture(future), type(task) is asyncio.Task,
                repr(task).startswith("<Task pending name='Task-2' coro=<sleep()"),
                task == task, task != future, len({task, task}),
            )
        """)

    assert value(run) == (True, True, True, True, True, True, True, 1)


def test_tasks_cannot_be_made_of_what_is_no_coroutine(perform: Perform) -> None:
    run = perform("""
        import asyncio
        async def f(world):
            asyncio.get_running_loop().create_task(3)
        """)

    assert error(run) == ("TypeError", "a coroutine was expected, got 3")


def test_items_that_are_yielded_stand_in_the_order_of_events(perform: Perform) -> None:
    run = perform(
        """
        async def pages(world):
            for number in range(2):
                yield await world.fetch(number)
        async def f(world):
            async for page in pages(world):
                world.yielded("page", page)
        """,
        {"fetch": rules.each([rules.after(1.0, 7), rules.after(2.0, 8)])},
    )

    items = run.yielded("page")
    assert [(item.when.at, item.values) for item in items] == [
        (1_000_000_000, [7]),
        (3_000_000_000, [8]),
    ]
    assert items[0].when.order < run.named("fetch")[1].began.order
