# breaks all-at-once: each answer is waited for before the next one is asked for
from collections.abc import Awaitable, Callable, Sequence


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], names: Sequence[str]
) -> list[str]:
    return [await fetch(name) for name in names]
