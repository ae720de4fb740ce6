"""Runs beside the submission; decides nothing."""

import asyncio
from asyncio import CancelledError  # noqa: F401 - what a write may raise
from types import SimpleNamespace

KEY = "colour"
VALUE = "blue"


class WriteError(Exception):
    """What a failing write raises."""


class DeleteError(Exception):
    """What a failing delete raises."""


class Replica:
    """An ordinary object, which may be a key of a dict."""

    def __init__(self, operations):
        self.write = operations.write
        self.delete = operations.delete


def save_to(kata, world, names):
    known = {name: Replica(getattr(world, name)) for name in names}
    return kata.save_everywhere([known[name] for name in names], KEY, VALUE)


async def save(kata, world, names):
    await save_to(kata, world, names)


async def follow(kata, world, names, steps):
    store = SimpleNamespace(save=lambda: save_to(kata, world, names))
    await world.follow(steps, store=store)


async def save_side_by_side(kata, world, left, right):
    await asyncio.gather(
        save_to(kata, world, left), save_to(kata, world, right), return_exceptions=True
    )


def save_in_two_loops(kata, world, names):
    asyncio.run(save(kata, world, names))
    asyncio.run(save(kata, world, names))
