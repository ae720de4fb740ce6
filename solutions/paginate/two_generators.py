"""A generator of pages, and a generator of their items."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    next: str | None


async def fetch_items(
    get_page: Callable[[str | None], Awaitable[Page[T]]],
) -> AsyncIterator[T]:
    async for page in _fetch_pages(get_page):
        for item in page.items:
            yield item


async def _fetch_pages(
    get_page: Callable[[str | None], Awaitable[Page[T]]],
) -> AsyncIterator[Page[T]]:
    cursor: str | None = None
    asking = True
    while asking:
        page = await get_page(cursor)
        yield page
        cursor = page.next
        asking = cursor is not None
