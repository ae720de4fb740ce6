"""The bounded crawl: see README.md."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PageResult:
    """What became of one page. ``error`` is None if it was fetched."""

    url: str
    depth: int
    error: str | None


async def crawl(
    start: str,
    fetch: Callable[[str], Awaitable[str]],
    *,
    max_pages: int,
    max_depth: int,
    limit: int,
    per_host: int,
) -> dict[str, PageResult]:
    """Fetch pages from ``start`` on, following their links; return a result for each.

    At most ``max_pages`` pages, each once, none more than ``max_depth`` links away; at
    most ``limit`` at a time, and ``per_host`` of one host. A failing page is a result
    with an error. Raises ValueError for bad bounds, before anything is fetched.
    """
    raise NotImplementedError
