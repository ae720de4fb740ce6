"""Runs beside the submission; decides nothing."""

import asyncio

import aiohttp


class SigningError(Exception):
    """What signing a request may raise."""


def session(name="given", seconds=None, **settings):
    """Return a session that tells its name with each request."""
    if seconds is not None:
        settings["timeout"] = aiohttp.ClientTimeout(total=seconds)
    return aiohttp.ClientSession(headers={"X-Session": name}, **settings)


def signing(world):
    """Return what has each request signed before it is sent."""

    async def sign(_, __, request):
        await world.sign(str(request.url))

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(sign)
    return {"trace_configs": [trace]}


async def over(world):
    # A connection that is closed is gone some turns of the loop later.
    for _ in range(3):
        await asyncio.sleep(0)
    world.note("over")


async def get_pages(kata, world, urls, limit, **settings):
    async with session(**settings) as given:
        try:
            return await kata.get_all(given, urls, limit=limit)
        finally:
            await over(world)


async def get_signed_pages(kata, world, urls, limit):
    return await get_pages(kata, world, urls, limit, **signing(world))


async def get_more(kata, world, urls, limit, more):
    async with session() as given:
        await kata.get_all(given, urls, limit=limit)
        async with given.get(more) as response:
            return await response.text()


async def get_side_by_side(kata, world, left, right, limit):
    async with session() as given:
        return await asyncio.gather(
            kata.get_all(given, left, limit=limit),
            kata.get_all(given, right, limit=limit),
        )


def get_in_two_loops(kata, world, urls, limit):
    return [
        asyncio.run(get_pages(kata, world, urls, limit)),
        asyncio.run(get_pages(kata, world, urls, limit)),
    ]


async def run_main(kata, world, urls, limit, **settings):
    made = []

    def make_session():
        made.append(session(world.make_session(), **settings))
        return made[-1]

    try:
        return await kata.main(make_session, urls, limit=limit)
    finally:
        await over(world)


async def run_signed_main(kata, world, urls, limit):
    return await run_main(kata, world, urls, limit, **signing(world))
