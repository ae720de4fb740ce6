"""Runs beside the submission; decides nothing."""

import asyncio
from contextlib import suppress


class HandleError(Exception):
    """What a handler raises that fails."""


class SourceError(Exception):
    """What a source raises that fails."""


class Iterable:
    """A source whose iterator is another object."""

    def __init__(self, source):
        self._source = source

    def __aiter__(self):
        return self._source


class Plain:
    """An iterator that cannot be closed."""

    def __init__(self, source):
        self._source = source

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await anext(self._source)


async def generator(world):
    try:
        async for item in world.source():
            yield item
    finally:
        await world.release()


SOURCES = {
    "iterator": lambda world: world.source(),
    "iterable": lambda world: Iterable(world.source()),
    "plain": lambda world: Plain(world.source()),
    "generator": generator,
}


async def process(kata, world, workers, maxsize, kind="iterator"):
    return await kata.process_all(
        SOURCES[kind](world), world.handle, workers=workers, maxsize=maxsize
    )


async def process_again(kata, world, workers, maxsize):
    with suppress(HandleError, BaseExceptionGroup):
        await process(kata, world.bad, workers, maxsize)
    world.note("failed")
    return await process(kata, world.good, workers, maxsize)


async def process_side_by_side(kata, world, workers, maxsize):
    return await asyncio.gather(
        process(kata, world.left, workers, maxsize),
        process(kata, world.right, workers, maxsize),
    )


def process_in_two_loops(kata, world, workers, maxsize):
    return [
        asyncio.run(process(kata, world.first, workers, maxsize)),
        asyncio.run(process(kata, world.second, workers, maxsize)),
    ]
