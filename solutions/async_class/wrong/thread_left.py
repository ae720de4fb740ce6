# breaks nothing-left: a thread of the fetcher's own is never ended
import asyncio
import threading
from contextlib import contextmanager


class DataFetcher:
    def __init__(self, transport):
        self._transport = transport
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._refuses = False
        self._closing = asyncio.Lock()
        self._closed = False
        threading.Thread(target=threading.Event().wait, daemon=True).start()

    @classmethod
    async def connect(cls, base_url, transport):
        await transport.open(base_url)
        return cls(transport)

    async def fetch(self, endpoint):
        with self._call():
            return await self._transport.get(endpoint)

    async def fetch_multiple(self, endpoints):
        with self._call():
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._transport.get(endpoint))
                    for endpoint in endpoints
                ]
            return [task.result() for task in tasks]

    async def aclose(self):
        self._refuses = True
        async with self._closing:
            await self._idle.wait()
            if not self._closed:
                await self._transport.close()
                self._closed = True

    async def __aenter__(self):
        self._check()
        return self

    async def __aexit__(self, *exc):
        await self.aclose()

    def _check(self):
        if self._refuses:
            raise RuntimeError("closed")

    @contextmanager
    def _call(self):
        self._check()
        self._in_flight += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()
