"""A web site of aiohttp on loopback that knows who asked, and can make clients wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from .waiting import until

Page = str | Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Pages by their path; a page is its HTML, or a handler that goes wrong."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = dict(pages)
        self.asked: list[str] = []  # the paths, as they came
        self.open: Counter[str] = Counter()  # by the host that the client named
        self.most: Counter[str] = Counter()  # the same, at the worst moment
        self.most_at_all = 0
        self._enough = asyncio.Event()
        self._awaited = 0
        self._runner: web.AppRunner
        self.port = 0

    def hold(self, number: int) -> None:
        """Let no page come to its end before so many are asked for at once."""
        self._awaited = number
        self._enough.clear()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def connections(self) -> int:
        """Return how many clients are connected."""
        assert self._runner.server is not None
        return len(self._runner.server.connections)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        host = request.url.host or ""
        self.open[host] += 1
        self.most |= self.open
        self.most_at_all = max(self.most_at_all, self.open.total())
        try:
            page = self.pages[request.path]
            if not isinstance(page, str):
                return await page(request)
            response = web.StreamResponse(headers={"Content-Type": "text/html"})
            await response.prepare(request)
            await response.write(b"<html>")
            await self._wait_for_others()
        finally:
            # Before the last byte: with it the client may ask for the next page.
            self.open[host] -= 1
        await response.write_eof(page.encode())
        return response

    async def _wait_for_others(self) -> None:
        if self.open.total() >= self._awaited and not self._enough.is_set():
            await asyncio.sleep(0.05)  # for those that should not come
            self._enough.set()
        await self._enough.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Site]:
        """Serve while the block runs, on a free port."""
        app = web.Application()
        app.add_routes([web.get("/{path:.*}", self.serve)])
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", 0).start()
            self.port = self._runner.addresses[0][1]
            yield self
        finally:
            await self._runner.cleanup()

    async def until_nobody_is_connected(self) -> None:
        await until(lambda: self.connections() == 0)


def at_once(html: str) -> Page:
    """A page that waits for no others."""

    async def send(_: web.Request) -> web.StreamResponse:
        return web.Response(text=html, content_type="text/html")

    return send


def status(code: int) -> Page:
    """A page that fails with a status, and with some text."""

    async def fail(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, text="what went wrong is a long story")

    return fail


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def cut_short(request: web.Request) -> web.StreamResponse:
    """Promise more than is sent."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half of it")
    assert request.transport is not None
    request.transport.close()
    return response


async def no_text(_: web.Request) -> web.StreamResponse:
    """Send what is not the UTF-8 that it says it is."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return web.Response(body=b"\xff\xfe\xfd", headers=headers)


async def silent(_: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError
