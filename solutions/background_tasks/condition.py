"""A dict from each task to its watcher, and a Condition that tells of every end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    def __init__(
        self, on_error: Callable[[asyncio.Task[Any], BaseException], None]
    ) -> None:
        self._on_error = on_error
        self._watchers: dict[asyncio.Task[Any], asyncio.Task[None]] = {}
        self._changed = asyncio.Condition()
        self._closed = False

    def spawn(
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None
    ) -> asyncio.Task[T]:
        if self._closed:
            coro.close()
            raise RuntimeError("these background tasks are closed")
        task = asyncio.create_task(coro, name=name)
        self._watchers[task] = asyncio.create_task(self._watch(task))
        return task

    async def _watch(self, task: asyncio.Task[Any]) -> None:
        await asyncio.wait([task])
        try:
            if not task.cancelled() and (error := task.exception()) is not None:
                self._on_error(task, error)
        except Exception as raised:  # noqa: BLE001
            asyncio.get_running_loop().call_exception_handler(
                {"message": "on_error raised", "exception": raised}
            )
        async with self._changed:
            del self._watchers[task]
            self._changed.notify_all()

    def __len__(self) -> int:
        return sum(not task.done() for task in self._watchers)

    async def drain(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._watchers)

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            for task in self._watchers:
                task.cancel()
        await self.drain()
