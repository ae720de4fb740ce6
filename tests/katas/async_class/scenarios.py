"""Runs beside the submission; decides nothing."""

import asyncio
from contextlib import suppress

URL = "https://api.test"


class OpenError(Exception):
    """What a transport raises that cannot be opened."""


class GetError(Exception):
    """What a get that fails raises."""


class CloseError(Exception):
    """What a transport raises that cannot be closed."""


class BodyError(Exception):
    """What the body of an `async with` raises."""


async def connected(kata, world):
    fetcher = await kata.DataFetcher.connect(URL, world.transport)
    world.note("connected")
    return fetcher


async def connect(kata, world, base_url):
    await kata.DataFetcher.connect(base_url, world.transport)


async def fetch_in_turn(kata, world, endpoints):
    fetcher = await connected(kata, world)
    return [await fetcher.fetch(endpoint) for endpoint in endpoints]


async def fetch_at_once(kata, world, endpoints):
    fetcher = await connected(kata, world)
    return await fetcher.fetch_multiple(endpoint for endpoint in endpoints)


async def fetch_both_ways(kata, world, endpoints):
    fetcher = await connected(kata, world)
    await fetcher.fetch(endpoints[0])
    return await fetcher.fetch_multiple(endpoints)


async def follow(kata, world, steps):
    fetcher = await connected(kata, world)
    await world.follow(steps, fetcher=fetcher)


async def follow_two(kata, world, steps):
    await world.follow(
        steps,
        left_fetcher=await kata.DataFetcher.connect(URL, world.left),
        right_fetcher=await kata.DataFetcher.connect(URL, world.right),
    )


async def enter(kata, world):
    fetcher = world.register(await connected(kata, world), "the fetcher itself")
    async with fetcher as entered:
        return entered


async def use_block(kata, world):
    fetcher = await connected(kata, world)
    async with fetcher:
        await world.body()


async def cancel_block(kata, world):
    fetcher = await connected(kata, world)
    async with fetcher:
        world.note("cancelled")
        asyncio.current_task().cancel()
        await asyncio.sleep(0)


async def close_in_block(kata, world):
    fetcher = await connected(kata, world)
    async with fetcher:
        await fetcher.aclose()


async def live(kata, world, endpoints, failing):
    fetcher = await connected(kata, world)
    async with fetcher:
        with suppress(Exception):
            await fetcher.fetch_multiple(failing)
        found = await fetcher.fetch_multiple(endpoints)
        asking = asyncio.create_task(fetcher.fetch(endpoints[0]))
        await world.pause()
    with suppress(Exception):
        await fetcher.fetch_multiple(endpoints)
    return [*found, await asking]


async def close_twice_under_load(kata, world, endpoints):
    fetcher = await connected(kata, world)
    asking = [asyncio.create_task(fetcher.fetch(each)) for each in endpoints]
    await world.pause()
    await asyncio.gather(fetcher.aclose(), fetcher.aclose())
    return [await each for each in asking]


def use_in_two_loops(kata, world, endpoints):
    return [
        asyncio.run(close_twice_under_load(kata, world, endpoints)),
        asyncio.run(close_twice_under_load(kata, world, endpoints)),
    ]
