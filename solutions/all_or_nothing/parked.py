"""One undo task, made up front and parked on an Event until it is wanted."""

import asyncio
from collections.abc import Sequence
from typing import Protocol


class Replica(Protocol):
    async def write(self, key: str, value: str) -> None: ...

    async def delete(self, key: str) -> None: ...


async def save_everywhere(replicas: Sequence[Replica], key: str, value: str) -> None:
    writes = [asyncio.ensure_future(each.write(key, value)) for each in replicas]
    wanted = asyncio.Event()
    undo = asyncio.create_task(undo_when(wanted, writes, replicas, key))
    cancelled = False
    try:
        if writes:
            await asyncio.wait(writes, return_when=asyncio.FIRST_EXCEPTION)
    except asyncio.CancelledError:
        cancelled = True
    ended_well = [
        each.done() and not each.cancelled() and not each.exception() for each in writes
    ]
    if all(ended_well) and not cancelled:
        undo.cancel()
        await asyncio.gather(undo, return_exceptions=True)
        return

    wanted.set()
    while not undo.done():
        try:
            await asyncio.shield(undo)
        except asyncio.CancelledError:
            cancelled = True
    errors = [each for each in undo.result() if isinstance(each, Exception)]
    if cancelled or not errors:
        raise asyncio.CancelledError
    raise ExceptionGroup("not saved", errors)


async def undo_when(
    wanted: asyncio.Event,
    writes: list[asyncio.Future[None]],
    replicas: Sequence[Replica],
    key: str,
) -> list[BaseException | None]:
    await wanted.wait()
    for write in writes:
        write.cancel()
    ended = await asyncio.gather(*writes, return_exceptions=True)
    pairs = zip(replicas, ended, strict=True)
    written = [replica for replica, error in pairs if error is None]
    deleted = await asyncio.gather(
        *(replica.delete(key) for replica in written), return_exceptions=True
    )
    return [*ended, *deleted]
