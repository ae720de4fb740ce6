"""A counter of the calls in flight, and an event that says when there are none."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, Self


class Transport(Protocol):
    async def open(self, base_url: str) -> None: ...
    async def get(self, endpoint: str) -> str: ...
    async def close(self) -> None: ...


class DataFetcher:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._refuses = False
        self._closing = asyncio.Lock()
        self._closed = False

    @classmethod
    async def connect(cls, base_url: str, transport: Transport) -> Self:
        await transport.open(base_url)
        return cls(transport)

    async def fetch(self, endpoint: str) -> str:
        with self._call():
            return await self._transport.get(endpoint)

    async def fetch_multiple(self, endpoints: Iterable[str]) -> list[str]:
        with self._call():
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._transport.get(endpoint))
                    for endpoint in endpoints
                ]
            return [task.result() for task in tasks]

    async def aclose(self) -> None:
        self._refuses = True
        # The lock lets the next one take over where an aclose was cancelled.
        async with self._closing:
            await self._idle.wait()
            if not self._closed:
                await self._transport.close()
                self._closed = True

    async def __aenter__(self) -> Self:
        self._check()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def _check(self) -> None:
        if self._refuses:
            raise RuntimeError("the fetcher is closed")

    @contextmanager
    def _call(self) -> Iterator[None]:
        self._check()
        self._in_flight += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()
