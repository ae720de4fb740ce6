# breaks results-in-order: every place holds the answer to the first name
import asyncio
from collections.abc import Awaitable, Callable, Sequence


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], names: Sequence[str]
) -> list[str]:
    answers = await asyncio.gather(*[fetch(name) for name in names])
    return answers[:1] * len(names)
