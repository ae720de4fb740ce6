import asyncio

import pytest

from .task_census import Snapshot, drain, run_named, snapshot


async def look() -> Snapshot:
    return snapshot()


async def give(value: int, after: float = 0.005) -> int:
    await asyncio.sleep(after)
    return value


async def fail() -> int:
    raise ConnectionError


@pytest.mark.asyncio
async def test_snapshot_names_the_current_task_and_the_others() -> None:
    asyncio.current_task().set_name("main")  # type: ignore[union-attr]
    others = [asyncio.create_task(give(1), name=each) for each in ("disk", "clock")]

    seen = await asyncio.create_task(look(), name="looker")

    assert seen == Snapshot("looker", ("clock", "disk", "main"))
    await asyncio.gather(*others)


def test_without_a_loop_snapshot_raises_runtime_error() -> None:
    with pytest.raises(RuntimeError) as caught:
        snapshot()

    assert caught.type is RuntimeError


@pytest.mark.asyncio
async def test_run_named_returns_the_results_by_key() -> None:
    results = await run_named({"b": lambda: give(2), "a": lambda: give(1)})

    assert results == {"a": 1, "b": 2}


@pytest.mark.asyncio
async def test_each_job_runs_in_a_task_of_its_name() -> None:
    seen = await run_named({"look": look})

    assert seen["look"].current == "job:look"


@pytest.mark.asyncio
async def test_drain_waits_for_tasks_that_appear_meanwhile() -> None:
    async def parent() -> int:
        children.append(asyncio.create_task(give(2, 0.05), name="net:child"))
        return await give(1)

    children: list[asyncio.Task[int]] = []
    task = asyncio.create_task(parent(), name="net:parent")
    other = asyncio.create_task(asyncio.sleep(60), name="disk")

    assert await drain("net:") == 2

    assert task.done()
    assert children[0].done()
    assert not other.done()
    other.cancel()


@pytest.mark.asyncio
async def test_an_error_belongs_to_its_owner() -> None:
    task = asyncio.create_task(fail(), name="net:1")

    assert await drain("net:") == 1

    with pytest.raises(ConnectionError):
        await task
