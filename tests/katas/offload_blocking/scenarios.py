"""Runs beside the submission; decides nothing."""

import asyncio
from contextvars import ContextVar

caller = ContextVar("caller")


class HashError(Exception):
    """What a blob that cannot be hashed raises."""


async def hash_blobs(kata, world, blobs, threads):
    return await kata.hash_all(blobs, world.hash_fn, threads=threads)


async def hash_beside_a_heartbeat(kata, world, blobs, threads, beats):
    async def beat():
        for _ in range(beats):
            await world.heartbeat()

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0)
    try:
        return await kata.hash_all(blobs, world.hash_fn, threads=threads)
    finally:
        heart.cancel()
        await asyncio.wait([heart])


async def hash_side_by_side(kata, world, left, right, threads):
    return await asyncio.gather(
        kata.hash_all(left, world.hash_fn, threads=threads),
        kata.hash_all(right, world.hash_fn, threads=threads),
    )


async def hash_for_two_callers(kata, world, blobs, threads, callers):
    def hash_fn(blob):
        world.note("the caller seen", blob, caller.get("nobody"))
        return world.hash_fn(blob)

    async def hash_for(name, own):
        caller.set(name)
        return await kata.hash_all(own, hash_fn, threads=threads)

    half = len(blobs) // 2
    return await asyncio.gather(
        hash_for(callers[0], blobs[:half]), hash_for(callers[1], blobs[half:])
    )


def hash_in_two_loops(kata, world, blobs, threads):
    async def call():
        return await kata.hash_all(blobs, world.hash_fn, threads=threads)

    return [asyncio.run(call()), asyncio.run(call())]
