"""The protocol by hand: an iterator that knows what is left of its page."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    next: str | None


class _Items(Generic[T]):
    def __init__(self, get_page: Callable[[str | None], Awaitable[Page[T]]]) -> None:
        self._get_page = get_page
        self._left: deque[T] = deque()
        self._cursor: str | None = None
        self._over = False

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        while not self._left:
            if self._over:
                raise StopAsyncIteration
            page = await asyncio.ensure_future(self._get_page(self._cursor))
            self._left.extend(page.items)
            self._cursor = page.next
            self._over = page.next is None
        return self._left.popleft()


def fetch_items(
    get_page: Callable[[str | None], Awaitable[Page[T]]],
) -> AsyncIterator[T]:
    return _Items(get_page)
