"""Runs beside the submission; decides nothing."""

import asyncio


class FetchError(Exception):
    """What a failing page raises."""


async def fetch_pages(kata, world, urls):
    return await kata.fetch_all(world.fetch, urls)


async def fetch_from_generator(kata, world, urls):
    return await kata.fetch_all(world.fetch, (url for url in urls))


async def fetch_side_by_side(kata, world, left, right):
    pages = await asyncio.gather(
        kata.fetch_all(world.fetch, left), kata.fetch_all(world.fetch, right)
    )
    return [*pages[0], *pages[1]]


def fetch_in_two_loops(kata, world, urls):
    async def call():
        return await kata.fetch_all(world.fetch, urls)

    return [*asyncio.run(call()), *asyncio.run(call())]
