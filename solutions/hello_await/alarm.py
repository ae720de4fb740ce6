"""A future that the loop resolves when the delay is over."""

import asyncio
from collections.abc import Callable


async def greet(name: str, delay: float, say: Callable[[str], None]) -> str:
    if not name:
        raise ValueError("name must not be empty")
    if delay < 0:
        raise ValueError(f"delay must not be negative, got {delay}")
    say(f"Hello, {name}")
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    alarm = loop.call_later(delay, over.set_result, None)
    try:
        await over
    finally:
        alarm.cancel()
    say(f"Goodbye, {name}")
    return name
