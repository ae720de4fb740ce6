"""One future, which callbacks of the tasks resolve: all are done, or one has failed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable


async def fetch_all(  # noqa: C901
    fetch: Callable[[str], Awaitable[str]], urls: Iterable[str]
) -> list[str]:
    tasks = [asyncio.ensure_future(fetch(url)) for url in urls]
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def ended(task: asyncio.Future[str]) -> None:
        if over.done():
            return
        if task.cancelled():
            over.cancel()
        elif error := task.exception():
            over.set_exception(error)
        elif all(each.done() for each in tasks):
            over.set_result(None)

    for task in tasks:
        task.add_done_callback(ended)
    try:
        if tasks:
            await over
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [task.result() for task in tasks]
