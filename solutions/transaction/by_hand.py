"""A class with __aenter__ and __aexit__, and a shield that is put up again."""

import asyncio
import contextlib
from types import TracebackType
from typing import Protocol


class Db(Protocol):
    async def begin(self) -> int: ...
    async def commit(self, tx: int) -> None: ...
    async def rollback(self, tx: int) -> None: ...


class _Transaction(contextlib.AbstractAsyncContextManager[int]):
    def __init__(self, db: Db) -> None:
        self._db = db
        self._tx = 0

    async def __aenter__(self) -> int:
        self._tx = await self._db.begin()
        return self._tx

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            await self._roll_back(error)
            return
        try:
            await self._db.commit(self._tx)
        except BaseException as commit_error:
            await self._roll_back(commit_error)
            raise

    async def _roll_back(self, first: BaseException) -> None:
        task = asyncio.create_task(self._db.rollback(self._tx))
        while True:
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                if task.done():
                    return
            except Exception as error:  # noqa: BLE001 (the first error must come out)
                first.__context__ = error
                return
            else:
                return


def transaction(db: Db) -> contextlib.AbstractAsyncContextManager[int]:
    return _Transaction(db)
