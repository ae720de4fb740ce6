"""Say hello, wait, say goodbye: see README.md."""

from collections.abc import Callable


async def greet(name: str, delay: float, say: Callable[[str], None]) -> str:
    """Say hello to ``name``, wait ``delay`` seconds, say goodbye, return ``name``.

    Others go on while it waits. If it is cancelled it says no goodbye.
    Raises ValueError for an empty name or a negative delay, before anything is said.
    """
    raise NotImplementedError
