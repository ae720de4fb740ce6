import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Protocol

from aiohttp import web


class Store(Protocol):
    async def open(self) -> None: ...
    async def get(self, key: str) -> int | None: ...
    async def put(self, key: str, value: int) -> None: ...
    async def close(self) -> None: ...


Order = tuple[str, int, asyncio.Future[int]]


class Writer:
    """The only one who puts: one task, which lets each counter have an update at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.orders: asyncio.Queue[Order | None] = asyncio.Queue()

    async def work(self) -> None:
        waiting: dict[str, deque[Order]] = {}
        async with asyncio.TaskGroup() as group:
            while (order := await self.orders.get()) is not None:
                name = order[0]
                if name in waiting:
                    waiting[name].append(order)
                else:
                    waiting[name] = deque([order])
                    group.create_task(self._serve(name, waiting))

    async def _serve(self, name: str, waiting: dict[str, deque[Order]]) -> None:
        while waiting[name]:
            _, by, answer = waiting[name].popleft()
            try:
                value = (await self._store.get(name) or 0) + by
                await self._store.put(name, value)
            except Exception as error:  # noqa: BLE001
                if not answer.done():
                    answer.set_exception(error)
            else:
                if not answer.done():
                    answer.set_result(value)
        del waiting[name]


WRITER = web.AppKey("WRITER", Writer)
STORE = web.AppKey("STORE", Store)  # type: ignore[type-abstract]


async def running(app: web.Application) -> AsyncIterator[None]:
    await app[STORE].open()
    try:
        work = asyncio.create_task(app[WRITER].work())
        yield
        app[WRITER].orders.put_nowait(None)
        await work
    finally:
        await app[STORE].close()


async def get_counter(request: web.Request) -> web.Response:
    value = await request.app[STORE].get(request.match_info["name"])
    if value is None:
        return web.json_response({"error": "no such counter"}, status=404)
    return web.json_response({"value": value})


async def post_counter(request: web.Request) -> web.Response:
    try:
        body = await request.json()
    except ValueError:
        return web.json_response({"error": "this is no JSON"}, status=400)
    match body:
        case {"by": bool()}:
            return web.json_response({"error": "true is no number"}, status=400)
        case {"by": int(by)}:
            answer = asyncio.get_running_loop().create_future()
            name = request.match_info["name"]
            request.app[WRITER].orders.put_nowait((name, by, answer))
            return web.json_response({"value": await answer})
    return web.json_response({"error": "there is no amount"}, status=400)


def make_app(store: Store) -> web.Application:
    app = web.Application()
    app[STORE] = store
    app[WRITER] = Writer(store)
    app.cleanup_ctx.append(running)
    app.router.add_get("/counter/{name}", get_counter)
    app.router.add_post("/counter/{name}", post_counter)
    return app
