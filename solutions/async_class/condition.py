"""A condition around a counter; its lock is held while the transport closes."""

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
        self._changed = asyncio.Condition()
        self._in_flight = 0
        self._refuses = False
        self._closed = False

    @classmethod
    async def connect(cls, base_url: str, transport: Transport) -> Self:
        await transport.open(base_url)
        return cls(transport)

    async def fetch(self, endpoint: str) -> str:
        self._check()
        self._in_flight += 1
        try:
            return await self._transport.get(endpoint)
        finally:
            await self._leave()

    async def fetch_multiple(self, endpoints: Iterable[str]) -> list[str]:
        self._check()
        self._in_flight += 1
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._transport.get(endpoint))
                    for endpoint in endpoints
                ]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            await self._leave()
        return [task.result() for task in tasks]

    async def _leave(self) -> None:
        self._in_flight -= 1
        async with self._changed:
            self._changed.notify_all()

    async def aclose(self) -> None:
        self._refuses = True
        async with self._changed:
            await self._changed.wait_for(lambda: not self._in_flight)
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
