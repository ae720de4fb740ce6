import asyncio
import json
from contextlib import suppress
from typing import Protocol

from aiohttp import web


class Store(Protocol):
    async def open(self) -> None: ...
    async def get(self, key: str) -> int | None: ...
    async def put(self, key: str, value: int) -> None: ...
    async def close(self) -> None: ...


def make_app(store: Store) -> web.Application:  # noqa: C901 (all of it is here)
    routes = web.RouteTableDef()
    latest: dict[str, asyncio.Task[int]] = {}

    async def add(name: str, by: int, before: asyncio.Task[int] | None) -> int:
        if before is not None:
            await asyncio.wait([before])
        value = (await store.get(name) or 0) + by
        await store.put(name, value)
        return value

    def forget(name: str, update: asyncio.Task[int]) -> None:
        if latest.get(name) is update:
            del latest[name]

    @routes.get("/counter/{name}")
    async def get_counter(request: web.Request) -> web.Response:
        value = await store.get(request.match_info["name"])
        if value is None:
            raise web.HTTPNotFound(text="there is no such counter")
        return web.json_response({"value": value})

    @routes.post("/counter/{name}")
    async def post_counter(request: web.Request) -> web.Response:
        by = None
        with suppress(ValueError, LookupError, TypeError):
            by = json.loads(await request.text())["by"]
        if isinstance(by, bool) or not isinstance(by, int):
            told = json.dumps({"error": "by must be an integer"})
            raise web.HTTPBadRequest(text=told, content_type="application/json")
        name = request.match_info["name"]
        update = asyncio.create_task(add(name, by, latest.get(name)))
        latest[name] = update
        update.add_done_callback(lambda task: forget(name, task))
        # wait leaves the update alone, even if it is cancelled itself.
        await asyncio.wait([update])
        return web.json_response({"value": update.result()})

    async def opens(_: web.Application) -> None:
        await store.open()

    async def closes(_: web.Application) -> None:
        # The latest update of a counter ends last.
        if latest:
            await asyncio.wait(latest.values())
        await store.close()

    app = web.Application()
    app.add_routes(routes)
    app.on_startup.append(opens)
    app.on_cleanup.append(closes)
    return app
