"""One task closes the transport, and every aclose waits for it behind a shield."""

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
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._closer: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, base_url: str, transport: Transport) -> Self:
        await transport.open(base_url)
        return cls(transport)

    async def fetch(self, endpoint: str) -> str:
        answers = await self.fetch_multiple([endpoint])
        return answers[0]

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
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()
        return [task.result() for task in tasks]

    async def aclose(self) -> None:
        if self._closer is None:
            self._closer = asyncio.create_task(self._close())
        await asyncio.shield(self._closer)

    async def _close(self) -> None:
        while self._in_flight:
            self._idle.clear()
            await self._idle.wait()
        await self._transport.close()

    async def __aenter__(self) -> Self:
        self._check()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def _check(self) -> None:
        if self._closer is not None:
            raise RuntimeError("the fetcher is closed")
