import asyncio

import pytest

from .all_or_nothing import save_everywhere


class Shelf:
    """A replica that takes its time."""

    def __init__(self, seconds: float = 0.01, error: Exception | None = None) -> None:
        self.seconds = seconds
        self.error = error
        self.holds: dict[str, str] = {}
        self.deleted: list[str] = []

    async def write(self, key: str, value: str) -> None:
        await asyncio.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        self.holds[key] = value

    async def delete(self, key: str) -> None:
        self.deleted.append(key)
        await asyncio.sleep(0.05)
        del self.holds[key]


@pytest.mark.asyncio
async def test_every_replica_is_written() -> None:
    shelves = [Shelf(0.01), Shelf(0.02), Shelf(0)]

    await save_everywhere(shelves, "a", "1")

    assert [shelf.holds for shelf in shelves] == [{"a": "1"}] * 3


@pytest.mark.asyncio
async def test_a_failed_write_undoes_the_others() -> None:
    shelves = [Shelf(0), Shelf(0.01, ConnectionError("gone")), Shelf(60)]

    with pytest.raises(ExceptionGroup) as raised:
        await save_everywhere(shelves, "a", "1")

    assert raised.group_contains(ConnectionError, match="gone")
    assert [shelf.holds for shelf in shelves] == [{}] * 3
    assert [shelf.deleted for shelf in shelves] == [["a"], [], []]


@pytest.mark.asyncio
async def test_a_cancelled_caller_leaves_nothing_behind() -> None:
    shelves = [Shelf(0), Shelf(60)]
    caller = asyncio.create_task(save_everywhere(shelves, "a", "1"))
    await asyncio.sleep(0.01)
    assert shelves[0].holds

    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert [shelf.holds for shelf in shelves] == [{}, {}]


@pytest.mark.asyncio
async def test_a_second_cancellation_does_not_stop_the_undo() -> None:
    shelves = [Shelf(0), Shelf(60)]
    caller = asyncio.create_task(save_everywhere(shelves, "a", "1"))
    await asyncio.sleep(0.01)
    assert shelves[0].holds

    caller.cancel()
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    assert shelves[0].holds == {}


@pytest.mark.asyncio
async def test_no_replicas_nothing_happens() -> None:
    await save_everywhere([], "a", "1")
