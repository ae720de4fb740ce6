"""Page after page, only as needed: see README.md."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items, and what to ask for the page after them with: None if it is the last."""

    items: tuple[T, ...]
    next: str | None


def fetch_items(
    get_page: Callable[[str | None], Awaitable[Page[T]]],
) -> AsyncIterator[T]:
    """Return an iterator over the items of all pages, in order.

    A page is asked for only when all items before it were taken and one more is wanted.
    An error of ``get_page`` comes out of the step that needed the page.
    """
    raise NotImplementedError
