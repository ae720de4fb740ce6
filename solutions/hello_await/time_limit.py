"""A time limit around a wait that never ends by itself."""

import asyncio
from collections.abc import Callable


async def greet(name: str, delay: float, say: Callable[[str], None]) -> str:
    if not name:
        raise ValueError("name must not be empty")
    if delay < 0:
        raise ValueError(f"delay must not be negative, got {delay}")
    say(f"Hello, {name}")
    try:
        async with asyncio.timeout(delay):
            await asyncio.get_running_loop().create_future()
    except TimeoutError:
        say(f"Goodbye, {name}")
    return name
