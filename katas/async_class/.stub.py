"""A class whose methods wait: see README.md."""

from collections.abc import Iterable
from typing import Protocol, Self


class Transport(Protocol):
    """What a fetcher talks through. It is given to you: do not change it."""

    async def open(self, base_url: str) -> None:
        """Connect to a server; other methods work only after this."""

    async def get(self, endpoint: str) -> str:
        """Return the server's answer for an endpoint."""

    async def close(self) -> None:
        """Hang up: gets that are still running are lost."""


class DataFetcher:
    """Fetches data through a transport, which it opens and closes."""

    @classmethod
    async def connect(cls, base_url: str, transport: Transport) -> Self:
        """Open the transport and return a fetcher that is ready.

        If opening fails, that error comes out and nothing is closed.
        """
        raise NotImplementedError

    async def fetch(self, endpoint: str) -> str:
        """Return what the transport gives for an endpoint.

        Raises RuntimeError once aclose has been called.
        """
        raise NotImplementedError

    async def fetch_multiple(self, endpoints: Iterable[str]) -> list[str]:
        """Ask for all endpoints at once; return the answers in their order.

        If a get fails, the other gets are cancelled and have finished when the error
        comes out. Raises RuntimeError once aclose has been called.
        """
        raise NotImplementedError

    async def aclose(self) -> None:
        """Refuse new calls, let those in flight finish, then close the transport.

        The transport is closed once, however often this is called. Every call of aclose
        returns when the transport is closed.
        """
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        """Return this fetcher; raise RuntimeError once aclose has been called."""
        raise NotImplementedError

    async def __aexit__(self, *exc: object) -> None:
        """Close the fetcher; whatever the body raised comes out."""
        raise NotImplementedError
