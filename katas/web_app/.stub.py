"""A small service: see README.md."""

from typing import Protocol

from aiohttp import web


class Store(Protocol):
    """Where the counters are kept. It is given to you: do not change it."""

    async def open(self) -> None:
        """Make it ready for use."""

    async def get(self, key: str) -> int | None:
        """Return the value of a counter, or None if there is no such counter."""

    async def put(self, key: str, value: int) -> None:
        """Set the value of a counter. If this is cancelled half way, it is damaged."""

    async def close(self) -> None:
        """Give it up: it is of no use from now on."""


def make_app(store: Store) -> web.Application:
    """Return an application that serves the counters of a store."""
    raise NotImplementedError
