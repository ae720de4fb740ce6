"""Runs beside the submission; decides nothing."""

import asyncio


class FetchError(Exception):
    """What a failing side raises."""


async def fetch_pair(kata, world):
    return await kata.fetch_both(world.left, world.right)


async def fetch_two_pairs(kata, world):
    return await asyncio.gather(
        kata.fetch_both(world.first.left, world.first.right),
        kata.fetch_both(world.second.left, world.second.right),
    )
