import asyncio
import json
from typing import Protocol
from weakref import WeakValueDictionary

from aiohttp import web
from aiohttp.typedefs import Handler


class Store(Protocol):
    async def open(self) -> None: ...
    async def get(self, key: str) -> int | None: ...
    async def put(self, key: str, value: int) -> None: ...
    async def close(self) -> None: ...


class BadBody(Exception):
    pass


class CounterView(web.View):
    @property
    def name(self) -> str:
        return self.request.match_info["name"]

    async def get(self) -> web.Response:
        value = await self.request.app["store"].get(self.name)
        if value is None:
            return web.Response(status=404)
        return web.Response(text=json.dumps({"value": value}))

    async def post(self) -> web.Response:
        by = _amount(await self.request.read())
        update = asyncio.ensure_future(self._add(by))
        updates = self.request.app["updates"]
        updates.append(update)
        update.add_done_callback(updates.remove)
        value = await asyncio.shield(update)
        return web.Response(text=json.dumps({"value": value}))

    async def _add(self, by: int) -> int:
        store = self.request.app["store"]
        lock = self.request.app["locks"].setdefault(self.name, asyncio.Lock())
        async with lock:
            value: int = (await store.get(self.name) or 0) + by
            await store.put(self.name, value)
        return value


def _amount(data: bytes) -> int:
    try:
        by = json.loads(data)["by"]
    except (ValueError, LookupError, TypeError) as error:
        raise BadBody('send {"by": n}') from error
    if type(by) is not int:
        raise BadBody("n must be an integer")
    return by


@web.middleware
async def tell_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadBody as error:
        return web.json_response({"error": str(error)}, status=400)


async def _open(app: web.Application) -> None:
    await app["store"].open()


async def _close(app: web.Application) -> None:
    try:
        while app["updates"]:
            await asyncio.wait(app["updates"])
    finally:
        await app["store"].close()


def make_app(store: Store) -> web.Application:
    app = web.Application(middlewares=[tell_errors])
    app["store"] = store
    app["locks"] = WeakValueDictionary()
    app["updates"] = []
    app.router.add_view("/counter/{name}", CounterView)
    app.on_startup.append(_open)
    app.on_cleanup.append(_close)
    return app
