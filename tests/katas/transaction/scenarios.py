"""Runs beside the submission; decides nothing."""

import asyncio


class BeginError(Exception):
    """What a begin raises that fails."""


class CommitError(Exception):
    """What a commit raises that fails."""


class RollbackError(Exception):
    """What a rollback raises that fails."""


class BodyError(Exception):
    """What the body of an `async with` raises."""


class StopEverything(BaseException):
    """What a body may raise too: it is no Exception."""


async def use(kata, world, body="body"):
    async with kata.transaction(world.db) as tx:
        await getattr(world, body)(tx)


async def use_later(kata, world):
    manager = kata.transaction(world.db)
    await world.pause()
    world.note("entered")
    async with manager as tx:
        await world.body(tx)


async def use_and_tell(kata, world):
    try:
        await use(kata, world)
    except BaseException as error:
        world.note("what came out", *trace_of(error))
        raise


def trace_of(error):
    """Return what an exception tells besides itself."""
    found = []
    waiting = [error]
    while waiting and len(found) < 20:
        each = waiting.pop()
        found += [*getattr(each, "__notes__", []), each]
        waiting += [
            more
            for more in (each.__context__, each.__cause__)
            if more is not None and more not in found
        ]
    found.remove(error)
    return found


async def cancel_at(kata, world, times):
    """The task that uses a transaction is cancelled at these times."""
    using = asyncio.ensure_future(use_and_tell(kata, world))
    start = asyncio.get_running_loop().time()
    for at in times:
        await asyncio.sleep(start + at - asyncio.get_running_loop().time())
        if using.cancel():
            world.note("cancelled")
    return await using


async def use_side_by_side(kata, world):
    await asyncio.gather(
        use(kata, world, "left"), use(kata, world, "right"), return_exceptions=True
    )


def use_in_two_loops(kata, world):
    asyncio.run(use_side_by_side(kata, world))
    asyncio.run(use_side_by_side(kata, world))
