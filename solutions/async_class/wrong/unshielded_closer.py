# breaks second-waits: every aclose awaits one task without a shield, and cancelling one cancels it for all
import asyncio
from contextlib import contextmanager


class DataFetcher:
    def __init__(self, transport):
        self._transport = transport
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._refuses = False
        self._closer = None

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
        if self._closer is None:
            self._closer = asyncio.create_task(self._close())
        await self._closer

    async def _close(self):
        await self._idle.wait()
        await self._transport.close()

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
