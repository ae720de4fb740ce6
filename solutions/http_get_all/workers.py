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
    found: dict[str, str | Failure] = dict.fromkeys(urls, "")
    waiting = iter(list(found))

    async def work() -> None:
        for url in waiting:
            found[url] = await get_one(session, url)

    workers = [asyncio.create_task(work()) for _ in range(min(limit, len(found)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return found


async def get_one(session: aiohttp.ClientSession, url: str) -> str | Failure:
    try:
        response = await session.get(url)
        try:
            if not response.ok:
                return Failure(url, response.reason or "", response.status)
            return await response.text()
        finally:
            response.release()
    except (OSError, aiohttp.ClientError, ValueError) as error:
        return Failure(url, str(error), getattr(error, "status", None))


async def main(
    make_session: Callable[[], aiohttp.ClientSession],
    urls: Sequence[str],
    *,
    limit: int,
) -> dict[str, str | Failure]:
    session = make_session()
    try:
        return await get_all(session, urls, limit=limit)
    finally:
        await session.close()
