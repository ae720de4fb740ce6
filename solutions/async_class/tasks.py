"""A set of the tasks that ask the transport; aclose waits until it is empty."""

import asyncio
from collections.abc import Iterable
from typing import Protocol, Self


class Transport(Protocol):
    async def open(self, base_url: str) -> None: ...
    async def get(self, endpoint: str) -> str: ...
    async def close(self) -> None: ...


class DataFetcher:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._asking: set[asyncio.Task[str]] = set()
        self._refuses = False
        self._closing = asyncio.Lock()
        self._closed = False

    @classmethod
    async def connect(cls, base_url: str, transport: Transport) -> Self:
        await transport.open(base_url)
        return cls(transport)

    def _ask(self, endpoint: str) -> asyncio.Task[str]:
        task = asyncio.create_task(self._get(endpoint))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        return task

    async def _get(self, endpoint: str) -> str:
        return await self._transport.get(endpoint)

    async def fetch(self, endpoint: str) -> str:
        self._check()
        return await self._ask(endpoint)

    async def fetch_multiple(self, endpoints: Iterable[str]) -> list[str]:
        self._check()
        tasks = [self._ask(endpoint) for endpoint in endpoints]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def aclose(self) -> None:
        self._refuses = True
        while self._asking:
            await asyncio.wait(self._asking)
        async with self._closing:
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
