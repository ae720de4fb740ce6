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
    places = asyncio.BoundedSemaphore(limit)
    distinct = list(dict.fromkeys(urls))
    tasks = [asyncio.create_task(get_one(session, url, places)) for url in distinct]
    try:
        texts = await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        raise
    return dict(zip(distinct, texts, strict=True))


async def get_one(
    session: aiohttp.ClientSession, url: str, places: asyncio.Semaphore
) -> str | Failure:
    try:
        async with places, session.get(url) as response:
            if response.ok:
                return await response.text()
            return Failure(url, f"the status is {response.status}", response.status)
    except aiohttp.ClientResponseError as error:
        return Failure(url, repr(error), error.status)
    except Exception as error:
        if isinstance(error, aiohttp.ClientError | TimeoutError | UnicodeDecodeError):
            return Failure(url, repr(error))
        raise


async def main(
    make_session: Callable[[], aiohttp.ClientSession],
    urls: Sequence[str],
    *,
    limit: int,
) -> dict[str, str | Failure]:
    async with make_session() as session:
        return await get_all(session, urls, limit=limit)
