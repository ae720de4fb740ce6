# breaks error-stops-rest: plain gather, so after an error the other gets run on
import asyncio
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

    @classmethod
    async def connect(cls, base_url, transport):
        await transport.open(base_url)
        return cls(transport)

    async def fetch(self, endpoint):
        with self._call():
            return await self._transport.get(endpoint)

    async def fetch_multiple(self, endpoints):
        with self._call():
            gets = [self._transport.get(endpoint) for endpoint in endpoints]
            return await asyncio.gather(*gets)

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
