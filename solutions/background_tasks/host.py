"""One host task, which runs a TaskGroup of watchers: each waits for a task and tells."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    def __init__(
        self, on_error: Callable[[asyncio.Task[Any], BaseException], None]
    ) -> None:
        self._on_error = on_error
        self._new: asyncio.Queue[asyncio.Task[Any] | None] = asyncio.Queue()
        self._watched: set[asyncio.Task[Any]] = set()
        self._host: asyncio.Task[None] | None = None
        self._empty = asyncio.Event()
        self._empty.set()
        self._closed = False

    def spawn(
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None
    ) -> asyncio.Task[T]:
        if self._closed:
            coro.close()
            raise RuntimeError("closed")
        if self._host is None:
            self._host = asyncio.create_task(self._run())
        task = asyncio.get_running_loop().create_task(coro, name=name)
        self._watched.add(task)
        self._empty.clear()
        self._new.put_nowait(task)
        return task

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            while (task := await self._new.get()) is not None:
                group.create_task(self._watch(task))
                del task

    async def _watch(self, task: asyncio.Task[Any]) -> None:
        await asyncio.wait([task])
        self._watched.discard(task)
        if not self._watched:
            self._empty.set()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._tell(task, error)

    def _tell(self, task: asyncio.Task[Any], error: BaseException) -> None:
        try:
            self._on_error(task, error)
        except Exception as raised:  # noqa: BLE001
            context = {"message": "on_error failed", "exception": raised, "task": task}
            asyncio.get_running_loop().call_exception_handler(context)

    def __len__(self) -> int:
        return len(self._watched)

    async def drain(self) -> None:
        while self._watched:
            await self._empty.wait()

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            for task in list(self._watched):
                task.cancel()
            self._new.put_nowait(None)
        await self.drain()
        if self._host is not None:
            await asyncio.wait([self._host])
