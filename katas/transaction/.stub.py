"""Commit or roll back, nothing else: see README.md."""

import contextlib
from typing import Protocol


class Db(Protocol):
    """A database. It is given to you: do not change it."""

    async def begin(self) -> int:
        """Begin a transaction and return its number."""

    async def commit(self, tx: int) -> None:
        """Make what was done in a transaction last."""

    async def rollback(self, tx: int) -> None:
        """Undo what was done in a transaction."""


def transaction(db: Db) -> contextlib.AbstractAsyncContextManager[int]:
    """Return what ``async with`` enters: a transaction, begun on entry.

    It is committed when the body ends well, and rolled back when the body or the commit
    ends with any exception, which comes out. ``as`` gives the number of the transaction.
    """
    raise NotImplementedError
