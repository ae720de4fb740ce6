import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Protocol

from aiohttp import web


class Store(Protocol):
    async def open(self) -> None: ...
    async def get(self, key: str) -> int | None: ...
    async def put(self, key: str, value: int) -> None: ...
    async def close(self) -> None: ...


class Counters:
    """The counters of one app. An update that has begun goes on to its end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._updates: set[asyncio.Task[int]] = set()

    async def value(self, name: str) -> int | None:
        return await self._store.get(name)

    async def add(self, name: str, by: int) -> int:
        update = asyncio.create_task(self._update(name, by))
        self._updates.add(update)
        update.add_done_callback(self._updates.discard)
        return await asyncio.shield(update)

    async def _update(self, name: str, by: int) -> int:
        async with self._locks[name]:
            value = (await self._store.get(name) or 0) + by
            await self._store.put(name, value)
            return value

    async def finish(self) -> None:
        while self._updates:
            await asyncio.wait(self._updates)


COUNTERS = web.AppKey("COUNTERS", Counters)


async def get_value(request: web.Request) -> web.Response:
    value = await request.app[COUNTERS].value(request.match_info["name"])
    if value is None:
        raise web.HTTPNotFound
    return web.json_response({"value": value})


async def post_amount(request: web.Request) -> web.Response:
    try:
        by = amount(await request.json())
    except (ValueError, RecursionError) as error:
        return web.json_response({"error": str(error)}, status=400)
    value = await request.app[COUNTERS].add(request.match_info["name"], by)
    return web.json_response({"value": value})


def amount(body: object) -> int:
    by = body.get("by") if isinstance(body, dict) else None
    if type(by) is not int:
        raise ValueError('the body must be {"by": n} with an integer n')
    return by


def make_app(store: Store) -> web.Application:
    counters = Counters(store)

    async def opened(_: web.Application) -> AsyncIterator[None]:
        await store.open()
        yield
        await counters.finish()
        await store.close()

    app = web.Application()
    app[COUNTERS] = counters
    app.cleanup_ctx.append(opened)
    app.add_routes(
        [
            web.get("/counter/{name}", get_value),
            web.post("/counter/{name}", post_amount),
        ]
    )
    return app
