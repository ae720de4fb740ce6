"""All pages, in order: see README.md."""

from collections.abc import Awaitable, Callable, Iterable


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str]
) -> list[str]:
    """Fetch every url at once; return the pages in the order of the urls.

    The first error comes out as it is. By then the other fetches are cancelled and have
    finished. Cancelling the caller cancels every fetch.
    """
    raise NotImplementedError
