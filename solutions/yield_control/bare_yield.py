"""An object whose `__await__` does a bare `yield`."""

from collections.abc import Callable, Generator, Sequence


class Turn:
    def __await__(self) -> Generator[None, None, None]:
        yield


async def crunch(
    items: Sequence[int], work: Callable[[int], int], every: int = 1
) -> list[int]:
    if every < 1:
        raise ValueError(f"every must be at least 1, got {every}")
    results = []
    for item in items:
        results.append(work(item))
        if len(results) % every == 0:
            await Turn()
    return results
