"""Be polite while you compute: see README.md."""

from collections.abc import Callable, Sequence


async def crunch(
    items: Sequence[int], work: Callable[[int], int], every: int = 1
) -> list[int]:
    """Return ``work(item)`` for each item, in order.

    After at most ``every`` items, every other task that is ready has a turn.
    Raises ValueError if ``every`` is below 1.
    """
    raise NotImplementedError
