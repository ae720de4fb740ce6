"""Runs beside the submission; decides nothing."""

import asyncio


class FetchError(Exception):
    """What a failing page raises."""


async def crawl(kata, world, start, **bounds):
    return await kata.crawl(start, world.fetch, **bounds)


async def crawl_side_by_side(kata, world, start, **bounds):
    return await asyncio.gather(
        kata.crawl(start, world.left, **bounds),
        kata.crawl(start, world.right, **bounds),
    )


def crawl_in_two_loops(kata, world, start, **bounds):
    return [
        asyncio.run(kata.crawl(start, world.fetch, **bounds)),
        asyncio.run(kata.crawl(start, world.fetch, **bounds)),
    ]
