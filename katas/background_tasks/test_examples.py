import asyncio
import gc
import weakref
from typing import Any

import pytest

from .background_tasks import BackgroundTasks


class Told:
    """Writes down what `on_error` is called with."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, str]] = []

    def __call__(self, task: asyncio.Task[Any], error: BaseException) -> None:
        self.errors.append((task.get_name(), str(error)))


async def send(mail: str, sent: list[str]) -> str:
    await asyncio.sleep(0.01)
    sent.append(mail)
    return f"{mail} sent"


async def fail(text: str) -> None:
    await asyncio.sleep(0.01)
    raise ValueError(text)


@pytest.mark.asyncio
async def test_a_task_gives_its_result() -> None:
    tasks = BackgroundTasks(Told())

    task = tasks.spawn(send("Ann", []), name="mail")

    assert task.get_name() == "mail"
    assert len(tasks) == 1
    assert await task == "Ann sent"
    await tasks.drain()
    assert len(tasks) == 0


@pytest.mark.asyncio
async def test_a_task_that_nobody_holds_lives() -> None:
    tasks = BackgroundTasks(Told())
    woken: list[bool] = []
    bells: weakref.WeakSet[asyncio.Event] = weakref.WeakSet()

    async def sleep_until_it_rings() -> None:
        # Nobody but this coroutine holds the bell, and nobody but the bell this task.
        bell = asyncio.Event()
        bells.add(bell)
        woken.append(await bell.wait())

    tasks.spawn(sleep_until_it_rings())
    await asyncio.sleep(0.01)
    gc.collect()
    for bell in bells:
        bell.set()
    await asyncio.sleep(0.01)

    assert woken == [True]
    assert len(tasks) == 0


@pytest.mark.asyncio
async def test_an_error_is_told() -> None:
    told = Told()
    tasks = BackgroundTasks(told)

    tasks.spawn(fail("no such address"), name="Bob")
    await tasks.drain()

    assert told.errors == [("Bob", "no such address")]


@pytest.mark.asyncio
async def test_aclose_cancels_and_refuses() -> None:
    tasks = BackgroundTasks(Told())
    sent: list[str] = []
    tasks.spawn(send("Ann", sent))

    await tasks.aclose()

    assert (len(tasks), sent) == (0, [])
    with pytest.raises(RuntimeError):
        tasks.spawn(send("Bob", sent))
