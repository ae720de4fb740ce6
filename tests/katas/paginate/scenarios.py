"""Runs beside the submission; decides nothing."""

import asyncio

MOST = 24


class PageError(Exception):
    """What a page raises that cannot be had."""


def pages_of(kata, operations):
    async def get_page(cursor):
        items, following = await operations.get_page(cursor)
        return kata.Page(tuple(items), following)

    return get_page


async def use_all(walk, operations):
    """Use every item and return them; of a walk without end, so many."""
    items = []
    async for item in walk:
        await operations.use(item)
        items.append(item)
        if len(items) == MOST:
            break
    return items


async def walk(kata, world):
    return await use_all(kata.fetch_items(pages_of(kata, world)), world)


async def begin_later(kata, world, wait):
    walk = kata.fetch_items(pages_of(kata, world))
    await asyncio.sleep(wait)
    world.note("begun")
    return await use_all(walk, world)


async def leave(kata, world, taken, wait):
    """Leave the walk after so many items, close it if it can be closed, and wait."""
    walk = kata.fetch_items(pages_of(kata, world))
    used = 0
    async for item in walk:
        await world.use(item)
        used += 1
        if used == taken:
            break
    world.note("left")
    if hasattr(walk, "aclose"):
        await walk.aclose()
    del walk
    await asyncio.sleep(wait)


async def walk_twice(kata, world):
    get_page = pages_of(kata, world)
    return [
        await use_all(kata.fetch_items(get_page), world),
        await use_all(kata.fetch_items(get_page), world),
    ]


async def walk_side_by_side(kata, world):
    return await asyncio.gather(walk(kata, world.left), walk(kata, world.right))


def walk_in_two_loops(kata, world):
    return [asyncio.run(walk(kata, world)), asyncio.run(walk(kata, world))]
