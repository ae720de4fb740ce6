import asyncio

import pytest

from .transaction import transaction


class FakeDb:
    """Writes down what is asked of it; a commit or a rollback may be told to fail."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.commit_fails = False
        self.rollback_fails = False

    async def begin(self) -> int:
        await asyncio.sleep(0.01)
        self.said.append("begun")
        return 7

    async def commit(self, tx: int) -> None:
        await asyncio.sleep(0.01)
        if self.commit_fails:
            raise ConnectionError("no answer to commit")
        self.said.append(f"committed {tx}")

    async def rollback(self, tx: int) -> None:
        self.said.append(f"rolling {tx} back")
        await asyncio.sleep(0.02)
        if self.rollback_fails:
            raise ConnectionError("no answer to rollback")
        self.said.append(f"rolled {tx} back")


async def work_for_ever(db: FakeDb) -> None:
    async with transaction(db):
        await asyncio.sleep(60)


@pytest.mark.asyncio
async def test_a_body_that_ends_well_is_committed() -> None:
    db = FakeDb()

    async with transaction(db) as tx:
        assert tx == 7

    assert db.said == ["begun", "committed 7"]


@pytest.mark.asyncio
async def test_a_body_that_fails_is_rolled_back() -> None:
    db = FakeDb()
    error = KeyError("no such line")

    with pytest.raises(KeyError) as caught:
        async with transaction(db):
            raise error

    assert caught.value is error
    assert db.said == ["begun", "rolling 7 back", "rolled 7 back"]


@pytest.mark.asyncio
async def test_a_commit_that_fails_is_rolled_back() -> None:
    db = FakeDb()
    db.commit_fails = True

    with pytest.raises(ConnectionError, match="commit"):
        async with transaction(db):
            pass

    assert db.said == ["begun", "rolling 7 back", "rolled 7 back"]


@pytest.mark.asyncio
async def test_a_rollback_runs_to_its_end_though_the_task_is_cancelled_again() -> None:
    db = FakeDb()
    working = asyncio.create_task(work_for_ever(db))
    await asyncio.sleep(0.05)

    working.cancel()
    await asyncio.sleep(0.01)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working

    assert db.said == ["begun", "rolling 7 back", "rolled 7 back"]


@pytest.mark.asyncio
async def test_the_first_error_comes_out_though_the_rollback_fails() -> None:
    db = FakeDb()
    db.rollback_fails = True

    with pytest.raises(KeyError):
        async with transaction(db):
            raise KeyError("no such line")
