import asyncio
from collections.abc import Awaitable, Callable, Sequence


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], names: Sequence[str]
) -> list[str]:
    return await asyncio.gather(*[fetch(name) for name in names])
