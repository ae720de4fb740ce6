"""A plain `await asyncio.sleep`."""

import asyncio
from collections.abc import Callable


async def greet(name: str, delay: float, say: Callable[[str], None]) -> str:
    if not name:
        raise ValueError("name must not be empty")
    if delay < 0:
        raise ValueError(f"delay must not be negative, got {delay}")
    say(f"Hello, {name}")
    await asyncio.sleep(delay)
    say(f"Goodbye, {name}")
    return name
