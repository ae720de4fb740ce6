"""Runs beside the submission; decides nothing."""

import asyncio
from pathlib import Path


async def merge(kata, world, paths, out, limit):
    return await kata.merge_files(
        [Path(path) for path in paths], Path(out), limit=limit
    )


async def merge_beside_a_heartbeat(kata, world, paths, out, limit, beats):
    async def beat():
        for _ in range(beats):
            await world.heartbeat()

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0)
    try:
        return await merge(kata, world, paths, out, limit)
    finally:
        heart.cancel()
        await asyncio.wait([heart])


async def merge_side_by_side(kata, world, left, right, outs, limit):
    return await asyncio.gather(
        merge(kata, world, left, outs[0], limit),
        merge(kata, world, right, outs[1], limit),
    )


def merge_in_two_loops(kata, world, paths, out, limit):
    return [
        asyncio.run(merge(kata, world, paths, out, limit)),
        asyncio.run(merge(kata, world, paths, out, limit)),
    ]
