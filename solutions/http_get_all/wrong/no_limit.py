# breaks at-most-limit: all pages are asked for at once
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

    async def get(url: str) -> str | Failure:
        return await get_one(session, url)

    async with asyncio.TaskGroup() as group:
        tasks = {url: group.create_task(get(url)) for url in dict.fromkeys(urls)}
    return {url: task.result() for url, task in tasks.items()}


async def get_one(session: aiohttp.ClientSession, url: str) -> str | Failure:
    try:
        async with session.get(url) as response:
            response.raise_for_status()
            return await response.text()
    except aiohttp.ClientResponseError as error:
        return Failure(url, repr(error), error.status)
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
        return Failure(url, repr(error))


async def main(
    make_session: Callable[[], aiohttp.ClientSession],
    urls: Sequence[str],
    *,
    limit: int,
) -> dict[str, str | Failure]:
    async with make_session() as session:
        return await get_all(session, urls, limit=limit)
