# breaks begins-on-entry: as gives the manager, and not the number
import asyncio
import contextlib


class transaction:
    def __init__(self, db):
        self.db = db

    async def __aenter__(self):
        self.tx = await self.db.begin()
        return self

    async def __aexit__(self, kind, error, traceback):
        try:
            if error is not None:
                raise error
            await self.db.commit(self.tx)
        except BaseException as first:
            failed = await _rolled_back(self.db, self.tx)
            if failed is not None:
                first.add_note(repr(failed))
            raise


async def _rolled_back(db, tx):
    rolling_back = asyncio.ensure_future(db.rollback(tx))
    while not rolling_back.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([rolling_back])
    return rolling_back.exception()
