"""Runs beside the submission; decides nothing."""

import asyncio
import types
from contextlib import suppress
from functools import partial


class FetchError(Exception):
    """What a failing fetch raises."""


class Parcel:
    """Can be awaited, and is no coroutine."""

    def __init__(self, fetch):
        self._fetch = fetch

    def __await__(self):
        return self._fetch().__await__()


@types.coroutine
def old_coroutine(fetch):
    return (yield from fetch())


def task_of(fetch):
    return asyncio.create_task(fetch())


def future_of(fetch):
    """A future that is told what a task of ours finds."""
    future = asyncio.get_running_loop().create_future()

    def tell(task):
        if future.done():
            return
        if task.cancelled():
            future.cancel()
        elif task.exception() is not None:
            future.set_exception(task.exception())
        else:
            future.set_result(task.result())

    task_of(fetch).add_done_callback(tell)
    return future


AWAITABLES = {
    "a coroutine": lambda fetch: fetch(),
    "a task": task_of,
    "a future": future_of,
    "an object with __await__": Parcel,
    "a generator-based coroutine": old_coroutine,
}


def numbers():
    yield 1


async def anumbers():
    yield 1


async def answer():
    return 42


PLAIN = {
    "a list": lambda: [1, 2],
    "an object": object,
    "an exception": lambda: ValueError("just a value"),
    "a generator": numbers,
    "an async generator": anumbers,
    "an async function": lambda: answer,
    "a class": lambda: FetchError,
    "a class that defines __await__": lambda: Parcel,
    "a lock": asyncio.Lock,
}


class Client:
    """Has a method of each kind."""

    def __init__(self, fetch):
        self._fetch = fetch

    async def ask(self):
        return await self._fetch()

    def hand_out(self):
        return self._fetch()


class AsyncCallable:
    def __init__(self, fetch):
        self._fetch = fetch

    async def __call__(self):
        return await self._fetch()


class Callable:
    def __init__(self, fetch):
        self._fetch = fetch

    def __call__(self):
        return self._fetch()


def parcel_class(fetch):
    class Present(Parcel):
        def __init__(self):
            super().__init__(fetch)

    return Present


def function_of(call):
    """An ordinary function, whatever the call gives."""

    def function():
        return call()

    return function


ASYNC = {
    "an async function": lambda fetch: fetch,
    "a partial of an async function": lambda fetch: partial(partial(fetch)),
    "an async method": lambda fetch: Client(fetch).ask,
    "an object with an async __call__": AsyncCallable,
    "a function that returns a coroutine": function_of,
    "a method that returns a coroutine": lambda fetch: Client(fetch).hand_out,
    "an object whose __call__ returns a coroutine": Callable,
    "a function that returns a task": lambda fetch: partial(task_of, fetch),
    "a function that returns a future": lambda fetch: partial(future_of, fetch),
    "a function that returns an object with __await__": lambda fetch: partial(
        Parcel, fetch
    ),
    "a class whose instances can be awaited": parcel_class,
}

PLAIN_CALLS = {
    "a function": function_of,
    "a partial": partial,
    "a method": lambda compute: Client(compute).hand_out,
    "an object with __call__": Callable,
}


async def resolve_value(kata, world, value):
    return await kata.resolve(value)


async def resolve_plain(kata, world, kind):
    return await kata.resolve(world.register(PLAIN[kind](), "the value itself"))


async def call_for_plain(kata, world, kind):
    value = world.register(PLAIN[kind](), "the value itself")
    return await kata.call(lambda: value)


async def resolve_awaitable(kata, world, kind):
    return await kata.resolve(AWAITABLES[kind](world.fetch))


async def resolve_nested(kata, world, kind):
    inner = world.register(Parcel(world.inner), "the inner awaitable")

    async def outer():
        await world.fetch()
        return inner

    return await kata.resolve(AWAITABLES[kind](outer))


async def call_nested(kata, world):
    inner = world.register(Parcel(world.inner), "the inner awaitable")

    async def outer():
        await world.fetch()
        return inner

    return await kata.call(outer)


async def resolve_finished(kata, world, kind):
    made = AWAITABLES[kind](world.fetch)
    await asyncio.wait({made})
    world.note("finished")
    return [await kata.resolve(made), await kata.resolve(made)]


async def call_async(kata, world, kind):
    return await kata.call(ASYNC[kind](world.fetch))


async def call_plain(kata, world, kind):
    return await kata.call(PLAIN_CALLS[kind](world.compute))


async def call_counted(kata, world, kind):
    def fn():
        world.called()
        return AWAITABLES[kind](world.fetch) if kind in AWAITABLES else kind

    return await kata.call(fn)


async def call_with_arguments(kata, world, args, kwargs, as_async):
    def echo(*given, **named):
        return [list(given), named]

    async def aecho(*given, **named):
        return [list(given), named]

    return await kata.call(aecho if as_async else echo, *args, **kwargs)


async def do_some(kata, world):
    found = [await kata.resolve(world.fetch())]
    with suppress(Exception):
        await kata.resolve(world.broken())
    with suppress(Exception):
        await kata.call(world.broken)
    await kata.resolve(42)
    await kata.call(world.fetch)
    return [*found, await kata.call(world.compute)]
