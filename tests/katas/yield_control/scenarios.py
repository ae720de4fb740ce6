"""Runs beside the submission; decides nothing."""

import asyncio


class WorkError(Exception):
    """What `work` raises when it fails."""


async def crunch_alone(kata, world, items, every):
    return await kata.crunch(items, world.work, every)


async def crunch_by_default(kata, world, items, rivals):
    return await beside_rivals(world, kata.crunch(items, world.work), rivals, None)


async def crunch_beside_rivals(kata, world, items, every, rivals, cancel=None):
    return await beside_rivals(
        world, kata.crunch(items, world.work, every), rivals, cancel
    )


async def beside_rivals(world, crunching, rivals, cancel):
    async def rival(name, turns):
        for turn in range(1, turns + 1):
            world.rival(name)
            if turn == cancel and job.cancel():
                world.note("cancelled")
            await asyncio.sleep(0)

    job = asyncio.create_task(crunching)
    others = [asyncio.create_task(rival(*each)) for each in rivals.items()]
    try:
        return await job
    finally:
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def crunch_together(kata, world, lists, every):
    return await asyncio.gather(
        *(kata.crunch(items, world.work, every) for items in lists)
    )


def crunch_in_two_loops(kata, world, items, every):
    first = asyncio.run(kata.crunch(items, world.work, every))
    world.note("second loop")
    return [first, asyncio.run(kata.crunch(items, world.work, every))]
