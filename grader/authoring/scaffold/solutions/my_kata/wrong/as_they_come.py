# breaks results-in-order: the answers stand in the order in which they came
import asyncio
from collections.abc import Awaitable, Callable, Sequence


async def fetch_all(
    fetch: Callable[[str], Awaitable[str]], names: Sequence[str]
) -> list[str]:
    answers = []

    async def ask(name: str) -> None:
        answers.append(await fetch(name))

    await asyncio.gather(*[ask(name) for name in names])
    return answers
