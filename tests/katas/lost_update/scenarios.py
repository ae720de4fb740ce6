"""Runs beside the submission; decides nothing."""

import asyncio
import gc
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType


class StoreError(Exception):
    """What a store raises that cannot read or write."""


async def order(bank, orders, gap=0):
    """Call for each order, each so many seconds after the one before."""

    async def one(place, what, account, amount):
        await asyncio.sleep(place * gap)
        return await getattr(bank, what)(account, amount)

    return await asyncio.gather(
        *(one(place, *each) for place, each in enumerate(orders))
    )


async def balances(world, accounts):
    return [await world.store.read(account) for account in accounts]


async def answers(kata, world, orders, gap):
    return await order(kata.Bank(world.store), orders, gap)


async def what_is_left(kata, world, orders, gap, accounts):
    await order(kata.Bank(world.store), orders, gap)
    return await balances(world, accounts)


async def one_by_one(kata, world, orders):
    bank = kata.Bank(world.store)
    return [
        await getattr(bank, what)(account, amount) for what, account, amount in orders
    ]


async def follow(kata, world, steps, accounts):
    await world.follow(steps, bank=kata.Bank(world.store))
    return await balances(world, accounts)


async def live(kata, world, orders):
    bank = kata.Bank(world.store)
    await order(bank, orders)
    await asyncio.gather(
        bank.withdraw("a", 10_000), bank.deposit("a", 0), return_exceptions=True
    )
    stopped = asyncio.ensure_future(bank.deposit("a", 1))
    await world.pause()
    stopped.cancel()
    await asyncio.wait([stopped])
    await world.pause()
    return await balances(world, ["a"])


async def two_banks(kata, world, orders):
    await asyncio.gather(
        order(kata.Bank(world.left), orders), order(kata.Bank(world.right), orders)
    )
    return await asyncio.gather(world.left.read("a"), world.right.read("a"))


def in_two_loops(kata, world, orders):
    asyncio.run(order(kata.Bank(world.store), orders))
    return asyncio.run(order(kata.Bank(world.store), orders))


# --- what is kept ---------------------------------------------------------------


async def use_many(kata, world, few, many):
    bank = kata.Bank(world.store)
    await use_once(bank, [f"one of few {number}" for number in range(few)])
    await world.pause()
    before = count_reachable(bank)
    left = await use_once(bank, [f"one of many {number}" for number in range(many)])
    await world.pause()
    world.note("objects kept for idle accounts", count_reachable(bank) - before)
    return left


async def use_once(bank, accounts):
    return await asyncio.gather(*(use(bank, account) for account in accounts))


async def use(bank, account):
    _, left, _ = await asyncio.gather(
        bank.deposit(account, 5),
        bank.withdraw(account, 3),
        bank.withdraw(account, 100),
        return_exceptions=True,
    )
    return left


def count_reachable(bank):
    """Count what the bank, its class and its module hold, directly or not."""
    gc.collect()
    home = type(bank).__module__
    seen = {}
    waiting = [bank, type(bank), vars(sys.modules[home])]
    while waiting:
        each = waiting.pop()
        if id(each) not in seen and not is_elsewhere(each, home):
            seen[id(each)] = each
            waiting += gc.get_referents(each)
    return len(seen)


def is_elsewhere(each, home):
    if isinstance(each, ModuleType | asyncio.AbstractEventLoop):
        return True
    named = isinstance(each, type | FunctionType | BuiltinFunctionType)
    return named and each.__module__ != home
