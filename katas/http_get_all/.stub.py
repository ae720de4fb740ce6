"""One session, many pages: see README.md."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True)
class Failure:
    """A page that could not be had. ``status`` is set if its status was the reason."""

    url: str
    reason: str
    status: int | None = None


async def get_all(
    session: aiohttp.ClientSession, urls: Sequence[str], *, limit: int
) -> dict[str, str | Failure]:
    """Get every distinct url once, at most ``limit`` at a time; return text or Failure.

    The keys stand in the order in which the urls first appear. Failing pages do not
    disturb the others. Raises ValueError if ``limit`` is below 1.
    """
    raise NotImplementedError


async def main(
    make_session: Callable[[], aiohttp.ClientSession],
    urls: Sequence[str],
    *,
    limit: int,
) -> dict[str, str | Failure]:
    """Do the same with one session of its own, which is closed however things end."""
    raise NotImplementedError
