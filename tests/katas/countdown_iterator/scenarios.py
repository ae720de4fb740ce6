"""Runs beside the submission; decides nothing."""

import asyncio
from contextlib import suppress


async def make(kata, world, start, period):
    kata.Countdown(start, period)
    world.note("made")


MOST = 8


async def print_all(countdown, show):
    """Print all numbers and return them; of a walk without end, so many."""
    numbers = []
    async for number in countdown:
        show(number)
        numbers.append(number)
        if len(numbers) == MOST:
            break
    return numbers


async def walk(kata, world, start, period):
    return await print_all(kata.Countdown(start, period), world.print)


async def walk_again(kata, world, start, period, taken):
    """Walk as far as `taken` numbers, then walk the same object from the beginning."""
    countdown = kata.Countdown(start, period)
    walked = 0
    async for _ in countdown:
        walked += 1
        if walked == taken:
            break
    world.note("again")
    return await print_all(countdown, world.print)


async def walk_together(kata, world, start, period, wait, objects):
    countdowns = [kata.Countdown(start, period) for _ in range(objects)]

    async def later():
        await asyncio.sleep(wait)
        return await print_all(countdowns[-1], world.right.print)

    return await asyncio.gather(print_all(countdowns[0], world.left.print), later())


async def begin_by_hand(kata, world, start, period):
    """Take one number by `anext` and the rest by `async for` over that iterator."""
    walking = aiter(kata.Countdown(start, period))
    first = await anext(walking)
    world.note("begun")
    return [first, *await print_all(walking, world.print)]


async def follow(kata, world, start, period, steps):
    await world.follow(steps, walk=aiter(kata.Countdown(start, period)))


async def cancel_a_step(kata, world, start, period):
    """Give up waiting for the second number, then walk to the end."""
    walking = aiter(kata.Countdown(start, period))
    await anext(walking)
    await cancelled_step(walking, period / 2)
    for _ in range(MOST):
        if await anext(walking, None) is None:
            break


async def give_up(kata, world, start, period):
    """Give up waiting for the second number, and never come back."""
    walking = aiter(kata.Countdown(start, period))
    await anext(walking)
    await cancelled_step(walking, period / 2)


async def cancelled_step(walking, wait):
    async def take():
        return await anext(walking, None)

    step = asyncio.create_task(take())
    await asyncio.sleep(wait)
    step.cancel()
    with suppress(asyncio.CancelledError):
        await step


def walk_in_two_loops(kata, world, start, period):
    countdown = kata.Countdown(start, period)
    return [
        asyncio.run(print_all(countdown, world.print)),
        asyncio.run(print_all(countdown, world.print)),
    ]
