import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True)
class Failure:
    url: str
    reason: str
    status: int | None = None


async def get_all(
    session: aiohttp.ClientSession, urls: Sequence[str], *, limit: int
) -> dict[str, str | Failure]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    found: dict[str, str | Failure] = {}
    queue: asyncio.Queue[str] = asyncio.Queue()
    for url in urls:
        if url not in found:
            found[url] = ""
            queue.put_nowait(url)

    async def work() -> None:
        while not queue.empty():
            url = queue.get_nowait()
            found[url] = await get_one(session, url)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(work())
    return found


async def get_one(session: aiohttp.ClientSession, url: str) -> str | Failure:
    try:
        async with session.get(url, raise_for_status=True) as response:
            return await response.text()
    except aiohttp.ClientResponseError as error:
        return Failure(url, error.message, error.status)
    except (aiohttp.ClientError, TimeoutError, UnicodeError) as error:
        return Failure(url, type(error).__name__)


async def main(
    make_session: Callable[[], aiohttp.ClientSession],
    urls: Sequence[str],
    *,
    limit: int,
) -> dict[str, str | Failure]:
    async with make_session() as session:
        return await get_all(session, urls, limit=limit)
