"""Each coroutine in a wrapper that tells its error; those who drain wait for futures."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundTasks:
    def __init__(
        self, on_error: Callable[[asyncio.Task[Any], BaseException], None]
    ) -> None:
        self.on_error = on_error
        self.running: list[asyncio.Task[Any]] = []
        self.waiting: list[asyncio.Future[None]] = []
        self.closed = False

    def spawn(
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None
    ) -> asyncio.Task[T]:
        if self.closed:
            coro.close()
            raise RuntimeError
        task: asyncio.Task[Any] = asyncio.create_task(self.guard(coro), name=name)
        self.running.append(task)
        task.add_done_callback(self.forget)
        # A wrapper that is cancelled before it has begun never gets as far as its coro.
        task.add_done_callback(lambda _: coro.close())
        return task

    async def guard(self, coro: Coroutine[Any, Any, T]) -> T | None:
        try:
            return await coro
        except Exception as error:  # noqa: BLE001
            task = asyncio.current_task()
            assert task is not None
            try:
                self.on_error(task, error)
            except Exception as raised:  # noqa: BLE001
                loop = asyncio.get_running_loop()
                loop.call_exception_handler({"message": "oh", "exception": raised})
            return None

    def forget(self, task: asyncio.Task[Any]) -> None:
        self.running.remove(task)
        if not self.running:
            for each in self.waiting:
                if not each.done():
                    each.set_result(None)
            self.waiting.clear()

    def __len__(self) -> int:
        return len(self.running)

    async def drain(self) -> None:
        while self.running:
            self.waiting.append(asyncio.get_running_loop().create_future())
            await self.waiting[-1]

    async def aclose(self) -> None:
        if not self.closed:
            self.closed = True
            for task in self.running:
                task.cancel()
        if self.running:
            await asyncio.wait(self.running)
