"""Runs beside the submission; decides nothing."""

import asyncio
from contextlib import suppress


class OpError(Exception):
    """What a failing operation raises."""


class NetworkError(Exception):
    """A kind of error with a kind of its own."""


class ResetError(NetworkError):
    """A special NetworkError."""


TYPES = {
    each.__name__: each for each in (OpError, NetworkError, TimeoutError, LookupError)
}


def keywords(world, options):
    """The arguments of retry, error types and jitter put in."""
    given = dict(options)
    if "retry_on" in given:
        given["retry_on"] = tuple(TYPES[name] for name in given["retry_on"])
    if hasattr(world, "jitter"):
        given["jitter"] = world.jitter
    return given


async def call(kata, world, options):
    return await kata.retry(world.op, **keywords(world, options))


async def call_counting_calls(kata, world, options):
    def op():
        world.called()
        return world.op()

    return await kata.retry(op, **keywords(world, options))


async def call_twice(kata, world, options):
    return await asyncio.gather(
        kata.retry(world.left, **options),
        kata.retry(world.right, **options),
        return_exceptions=True,
    )


def call_in_two_loops(kata, world, options):
    async def once():
        with suppress(OpError):
            await kata.retry(world.op, **options)

    asyncio.run(once())
    asyncio.run(once())
