"""Runs beside the submission; decides nothing."""

import asyncio


class SayError(Exception):
    """What `say` raises when it fails."""


async def greet_one(kata, world, name, delay):
    return await kata.greet(name, delay, world.say)


async def greet_together(kata, world, names, delays):
    return await asyncio.gather(
        *(
            kata.greet(name, delay, world.say)
            for name, delay in zip(names, delays, strict=True)
        )
    )


async def greet_later(kata, world, name, delay, wait):
    greeting = kata.greet(name, delay, world.say)
    await asyncio.sleep(wait)
    world.note("awaited")
    return await greeting
