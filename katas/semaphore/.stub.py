"""At most N at a time: see README.md."""

from collections.abc import Awaitable, Callable, Iterable


async def fetch_limited(
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str], limit: int
) -> list[str]:
    """Fetch every url, at most ``limit`` at once; return the results in order.

    The first error is raised as it is, when it happens. By then the running fetches
    are cancelled and have finished, and those that waited never start.
    Raises ValueError if ``limit`` is below 1, before anything is fetched.
    """
    raise NotImplementedError
