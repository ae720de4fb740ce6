"""Runs beside the submission; decides nothing."""

import asyncio
from contextlib import suppress


class OpError(Exception):
    """What a failing operation raises."""


async def ask(kata, world, limit, default):
    return await kata.fetch_or_default(world.op, limit, default)


async def ask_counting_calls(kata, world, limit, default):
    def op():
        world.called()
        return world.op()

    return await kata.fetch_or_default(op, limit, default)


async def ask_after_refusal(kata, world, limit, default):
    with suppress(ValueError):
        await kata.fetch_or_default(world.op, 0, default)
    return await kata.fetch_or_default(world.op, limit, default)


async def ask_under_timeout(kata, world, limit, default, own):
    async with asyncio.timeout(own):
        return await kata.fetch_or_default(world.op, limit, default)


async def ask_and_go_on_under_timeout(kata, world, limit, default, own):
    async with asyncio.timeout(own):
        await kata.fetch_or_default(world.op, limit, default)
        world.note("answered")
        await world.rest()


async def ask_and_go_on(kata, world, limit, default):
    await kata.fetch_or_default(world.op, limit, default)
    world.note("answered")
    return await world.rest()


async def ask_and_look_at_timers(kata, world, limit, default):
    try:
        with suppress(Exception):
            await kata.fetch_or_default(world.op, limit, default)
    finally:
        world.note("timers", timers())


def timers():
    """In how many seconds each timer of the loop rings."""
    loop = asyncio.get_running_loop()
    waiting = [each for each in loop._scheduled if not each.cancelled()]
    return [each.when() - loop.time() for each in waiting]


async def ask_twice(kata, world, limits, default):
    return await asyncio.gather(
        kata.fetch_or_default(world.left, limits[0], default),
        kata.fetch_or_default(world.right, limits[1], default),
    )


def ask_in_two_loops(kata, world, limit, default):
    async def call():
        return await kata.fetch_or_default(world.op, limit, default)

    return [asyncio.run(call()), asyncio.run(call())]
