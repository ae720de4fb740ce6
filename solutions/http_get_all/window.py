import asyncio
import itertools
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
    waiting = iter(dict.fromkeys(urls))
    tasks: dict[str, asyncio.Task[str | Failure]] = {}
    running: set[asyncio.Task[str | Failure]] = set()
    try:
        while True:
            for url in itertools.islice(waiting, limit - len(running)):
                tasks[url] = asyncio.create_task(get_one(session, url))
                running.add(tasks[url])
            if not running:
                break
            done, running = await asyncio.wait(
                running, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return {url: task.result() for url, task in tasks.items()}


async def get_one(session: aiohttp.ClientSession, url: str) -> str | Failure:
    try:
        # Longer than any timeout of a session that one would want.
        async with asyncio.timeout(600), session.get(url) as response:
            if not response.ok:
                # The body often says why.
                reason = await response.text(errors="replace")
                return Failure(url, reason, response.status)
            data = await response.read()
            return data.decode(response.get_encoding())
    except aiohttp.ClientError as error:
        return Failure(url, str(error), getattr(error, "status", None))
    except (TimeoutError, ValueError) as error:
        return Failure(url, repr(error))


async def main(
    make_session: Callable[[], aiohttp.ClientSession],
    urls: Sequence[str],
    *,
    limit: int,
) -> dict[str, str | Failure]:
    async with make_session() as session:
        return await get_all(session, urls, limit=limit)
