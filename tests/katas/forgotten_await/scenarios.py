"""Runs beside the submission; decides nothing."""

import asyncio
from types import SimpleNamespace


class StoreError(Exception):
    """What a method of the store raises when it fails."""


class PaymentError(Exception):
    """What a charge that fails raises."""


class EmailError(Exception):
    """What an email that cannot be sent raises."""


def store_of(world):
    return SimpleNamespace(
        in_stock=world.in_stock,
        reserve=world.reserve,
        charge=world.charge,
        release=world.release,
        email=world.email,
    )


async def sell(kata, world, item):
    return await kata.checkout(item, store_of(world))


async def sell_together(kata, world, items):
    return await asyncio.gather(
        *(kata.checkout(item, store_of(world)) for item in items)
    )
