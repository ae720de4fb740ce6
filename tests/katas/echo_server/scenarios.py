"""Runs beside the submission; decides nothing."""

import asyncio


class BodyError(Exception):
    """What the body of the block raises."""


async def serve(kata, world, **given):
    async with kata.echo_server(**given):
        try:
            await world.body()
        finally:
            world.note("leaving")


async def serve_and_go_on(kata, world, **given):
    async with kata.echo_server(**given):
        await world.body()
    await world.afterwards()


async def tell_address(kata, world, **given):
    async with kata.echo_server(**given) as address:
        await world.body()
    return address


async def serve_at(kata, world, host, port, **given):
    async with kata.echo_server(host, port, **given):
        await world.body()


async def serve_twice_at(kata, world, **given):
    async with kata.echo_server(**given):
        try:
            async with kata.echo_server(**given):
                await world.body()
        except OSError as error:
            caught = error
    raise caught


async def serve_two_anywhere(kata, world, **given):
    async with kata.echo_server(**given), kata.echo_server(**given):
        await world.body()


async def serve_two(kata, world, left, right):
    async with kata.echo_server(**left):
        async with kata.echo_server(**right):
            await world.right_body()
        await world.left_body()


def serve_in_two_loops(kata, world, **given):
    for _ in range(2):
        asyncio.run(serve(kata, world, **given))
