"""A task that nobody holds dies when garbage is collected, and its operation with it."""

from collections.abc import Callable

import pytest

from grader import wire
from grader.world import rules
from grader.world.record import Run
from grader.world.script import Script, script, step

from .performing import Perform, Performer, left, value, warned

Follow = Callable[[Script], Run]

LOST = "Task was destroyed but it is pending!"

WAITS = {
    "at once": "await world.fetch(1)",
    "deep inside": "await inside(world)",
    "after another operation": "await world.pause(); await world.fetch(1)",
    "after a look at the clock": "time.monotonic(); await world.fetch(1)",
    "after its next turn": "await asyncio.sleep(0); await world.fetch(1)",
    "for an item": "await anext(world.items())",
    "in a context": "await world.opened().__aenter__()",
    "for several at once": "await asyncio.gather(world.fetch(1), world.fetch(2))",
    "for another task": "await asyncio.create_task(world.fetch(1))",
    "in a group": "await in_a_group(world)",
    "when it was cancelled": "await cancelled(world)",
}

SOURCE = """
import asyncio, gc, time
async def inside(world):
    try:
        return await world.fetch(1)
    except Exception:
        pass
async def in_a_group(world):
    async with asyncio.TaskGroup() as group:
        group.create_task(world.fetch(1))
async def cancelled(world):
    asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)
    try:
        await world.fetch(1)
    finally:
        await world.pause()
        world.note("answered")
async def work(world):
    WAIT
    world.note("answered")
async def f(world):
    KEEP asyncio.create_task(work(world))
    await world.pause()
    await world.pause()
    gc.collect()
    await asyncio.sleep(5)
"""

OPERATIONS = {
    "fetch": rules.asynchronous(rules.after(3, cancelled=rules.cleans_up(3))),
    "pause": rules.asynchronous(rules.after(0.5)),
    "items": rules.items([rules.after(3)]),
    "opened": rules.context(rules.after(3), rules.after(0)),
}


def ends(run: Run) -> list[tuple[str, float]]:
    """Return how each call but those of `pause` was left, and when."""
    return [
        (each.how, each.closed.at / 1e9 if each.closed else -1.0)
        for each in run.operations
        if each.name != "pause"
    ]


@pytest.mark.parametrize("wait", WAITS)
def test_a_task_that_nobody_holds_dies(perform: Perform, wait: str) -> None:
    source = SOURCE.replace("WAIT", WAITS[wait]).replace("KEEP ", "")

    run = perform(source, OPERATIONS)

    assert value(run) is None
    assert not run.noted("answered")
    assert set(ends(run)) == {("dropped", 1.0)}
    assert {message for message, _ in warned(run)} == {LOST}
    assert left(run) == []


@pytest.mark.parametrize("wait", WAITS)
def test_a_task_that_is_held_lives(perform: Perform, wait: str) -> None:
    source = SOURCE.replace("WAIT", WAITS[wait]).replace("KEEP", "task =")

    run = perform(source, OPERATIONS)

    assert run.noted("answered")
    assert "dropped" not in dict(ends(run))
    assert not warned(run)


def test_a_task_that_waits_for_a_time_is_held_by_its_loop(perform: Perform) -> None:
    run = perform("""
        import asyncio, gc
        async def work(world):
            await asyncio.sleep(2)
            world.note("awake")
        async def f(world):
            asyncio.create_task(work(world))
            await asyncio.sleep(1)
            gc.collect()
            await asyncio.sleep(2)
        """)

    assert run.noted("awake")
    assert not warned(run)


def test_tasks_die_on_any_loop_and_in_the_order_of_their_calls(
    perform: Perform,
) -> None:
    run = perform(
        """
        import asyncio, gc
        async def inside(world):
            for each in range(5):
                asyncio.create_task(world.fetch(each))
            await world.pause()
            gc.collect()
            await asyncio.sleep(1)
        def f(world):
            asyncio.run(inside(world))
        """,
        OPERATIONS,
    )

    closed = [each.closed for each in run.named("fetch") if each.closed]
    assert ends(run) == [("dropped", 0.5)] * 5
    assert [each.order for each in closed] == sorted(each.order for each in closed)


def test_the_answer_of_a_call_that_died_comes_to_nobody(perform: Perform) -> None:
    run = perform(
        SOURCE.replace("WAIT", WAITS["at once"]).replace("KEEP ", ""), OPERATIONS
    )

    assert [each.completed for each in run.named("fetch")] == [None]


# --- scripts ------------------------------------------------------------------

USER = """
    import asyncio, time
    class User:
        def __init__(self, world):
            self.world = world
            self.held = []
        def forgets(self, key):
            task = asyncio.create_task(self.world.fetch(key))
            return lambda: task
        def holds(self, key):
            self.held.append(asyncio.create_task(self.world.fetch(key)))
        def __len__(self):
            return len(self.held)
        def loses(self, key):
            asyncio.create_task(self.cleans_up(key))
        async def cleans_up(self, key):
            try:
                await self.world.fetch(key)
            finally:
                await self.world.fetch(key + 1)
        async def fails(self, key):
            task = asyncio.create_task(self.world.fetch(key))
            await asyncio.sleep(0)
            time.monotonic()
            raise KeyError(key)
"""


@pytest.fixture
def follow(performer: Performer) -> Follow:
    """Return a function that plays a script with a `user`."""
    player, _ = performer.load(
        USER,
        scenarios="""
async def amain(kata, world, steps):
    await world.follow(steps, user=kata.User(world))
""",
    )

    def play(steps: Script) -> Run:
        args = {"steps": steps}
        return performer.play(player, OPERATIONS, scenario="amain", args=args)

    return play


COLLECTS = step(1, "cleaner", "collect")
LATER = step(4, "user", "peek", "user")


@pytest.mark.parametrize(
    ("verb", "fate"),
    [
        ("forgets", ("dropped", 1.0)),
        ("fails", ("dropped", 1.0)),
        ("holds", ("value", 3.0)),
    ],
)
def test_a_script_holds_nothing_that_came_of_a_step(
    follow: Follow, verb: str, fate: tuple[str, float]
) -> None:
    begins = step(0, "user", "call", f"user.{verb}", 1)

    run = follow(script(begins, COLLECTS, LATER))

    assert ends(run) == [fate]


def test_what_a_dying_task_still_begins_is_not_on(follow: Follow) -> None:
    begins = step(0, "user", "call", "user.loses", 1)

    run = follow(script(begins, COLLECTS, LATER))

    assert ends(run) == [("dropped", 1.0)] * 2


def test_a_script_holds_what_is_kept(follow: Follow) -> None:
    begins = step(0, "user", "call", "user.forgets", 1, keep="it")

    run = follow(script(begins, COLLECTS, LATER))

    assert ends(run) == [("value", 3.0)]


def test_a_peek_reads_an_attribute_or_a_length(follow: Follow) -> None:
    steps = script(
        step(0, "user", "call", "user.holds", 1),
        step(1, "user", "peek", "len(user)"),
        step(2, "user", "peek", "len(user.held)"),
        step(3, "user", "peek", "user.held"),
        step(4, "user", "peek", "len(user.world)"),
    )

    run = follow(steps)

    assert [run.steps[number].values for number in (2, 3)] == [[1], [1]]
    seen = run.steps[4].values[0]
    assert isinstance(seen, wire.List)
    assert run.steps[5].error is not None
    assert run.steps[5].error.type == "TypeError"
