"""asyncio.wait until a write has failed; every later wait is waited out."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol


class Replica(Protocol):
    async def write(self, key: str, value: str) -> None: ...

    async def delete(self, key: str) -> None: ...


async def save_everywhere(replicas: Sequence[Replica], key: str, value: str) -> None:
    writes = [asyncio.ensure_future(each.write(key, value)) for each in replicas]
    if not writes:
        return
    cancelled = False
    try:
        await asyncio.wait(writes, return_when=asyncio.FIRST_EXCEPTION)
    except asyncio.CancelledError:
        cancelled = True
    for write in writes:
        write.cancel()
    cancelled |= await wait_out(writes)

    errors = errors_of(writes)
    ended_well = [not each.cancelled() and not each.exception() for each in writes]
    if all(ended_well) and not cancelled:
        return
    written = [each for each, well in zip(replicas, ended_well, strict=True) if well]
    deletes = [asyncio.ensure_future(each.delete(key)) for each in written]
    cancelled |= await wait_out(deletes)
    errors += errors_of(deletes)
    if cancelled or not errors:
        raise asyncio.CancelledError
    raise ExceptionGroup("not saved", errors)


async def wait_out(tasks: Iterable[asyncio.Future[None]]) -> bool:
    """Wait until all are done; say whether we were cancelled meanwhile."""
    cancelled = False
    while pending := [task for task in tasks if not task.done()]:
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError:
            cancelled = True
    return cancelled


def errors_of(tasks: Iterable[asyncio.Future[None]]) -> list[Exception]:
    found = [task.exception() for task in tasks if not task.cancelled()]
    return [error for error in found if isinstance(error, Exception)]
