"""Runs beside the submission; decides nothing."""

import asyncio


class FetchError(Exception):
    """What a fetch that fails raises."""


def report(kata, world, ids):
    return kata.run_report(world.fetch, ids)


def report_twice(kata, world, ids):
    first = kata.run_report(world.fetch, ids)
    world.note("second call")
    return [first, kata.run_report(world.fetch, ids)]


async def report_under_a_loop(kata, world, ids):
    return kata.run_report(world.fetch, ids)


def report_refused_and_allowed(kata, world, ids):
    async def under_a_loop():
        try:
            kata.run_report(world.fetch, ids)
        except RuntimeError:
            world.note("refusal")

    asyncio.run(under_a_loop())
    return kata.run_report(world.fetch, ids)


async def report_in_two_threads(kata, world, left, right):
    return await asyncio.gather(
        asyncio.to_thread(kata.run_report, world.fetch, left),
        asyncio.to_thread(kata.run_report, world.fetch, right),
    )


def report_from_streams(kata, world, ids):
    streams = []

    async def rows(user_id):
        try:
            while True:
                yield await world.fetch(user_id)
        finally:
            await world.hang_up(user_id)

    async def first_row(user_id):
        streams.append(rows(user_id))
        return await anext(streams[-1])

    return kata.run_report(first_row, ids)


def report_from_files(kata, world, ids):
    async def read_in_thread(user_id):
        return await asyncio.to_thread(world.read, user_id)

    return kata.run_report(read_in_thread, ids)
