"""Runs beside the submission; decides nothing."""

import asyncio


class FetchError(Exception):
    """What a failing page raises."""


async def fetch_pages(kata, world, urls, limit):
    return await kata.fetch_limited(world.fetch, urls, limit)


async def fetch_from_generator(kata, world, urls, limit):
    return await kata.fetch_limited(world.fetch, (url for url in urls), limit)


async def fetch_again(kata, world, urls, more, limit):
    try:
        await kata.fetch_limited(world.fetch, urls, limit)
    except (FetchError, BaseExceptionGroup):
        world.note("failed")
    return await kata.fetch_limited(world.fetch, more, limit)


async def fetch_side_by_side(kata, world, left, right, limit):
    return await asyncio.gather(
        kata.fetch_limited(world.fetch, left, limit),
        kata.fetch_limited(world.fetch, right, limit),
    )


def fetch_in_two_loops(kata, world, urls, limit):
    async def call():
        return await kata.fetch_limited(world.fetch, urls, limit)

    return [asyncio.run(call()), asyncio.run(call())]
