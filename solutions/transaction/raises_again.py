"""The first error is raised again where the rollback's was caught."""

import asyncio
import contextlib
from types import TracebackType
from typing import Protocol


class Db(Protocol):
    async def begin(self) -> int: ...
    async def commit(self, tx: int) -> None: ...
    async def rollback(self, tx: int) -> None: ...


class transaction(contextlib.AbstractAsyncContextManager[int]):  # noqa: N801 (it is called like a function)
    def __init__(self, db: Db) -> None:
        self.db = db

    async def __aenter__(self) -> int:
        self.tx = await self.db.begin()
        return self.tx

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await self._end_with(error)
        except BaseException as first:
            ending = asyncio.gather(self.db.rollback(self.tx), return_exceptions=True)
            while not ending.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.shield(ending)
            [failed] = ending.result()
            if failed is not None:
                raise first from failed
            raise

    async def _end_with(self, error: BaseException | None) -> None:
        if error is not None:
            raise error
        await self.db.commit(self.tx)
