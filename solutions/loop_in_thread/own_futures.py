"""Calls are posted to the loop with a future of our own; a poll ends it."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class LoopThread:
    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._door = threading.Lock()

    def start(self) -> None:
        running = threading.Semaphore(0)
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(running),)
        )
        self._thread.start()
        running.acquire()

    async def _serve(self, running: threading.Semaphore) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        running.release()
        while not self._stopping:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    def submit(self, coro: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        return self._post(coro, None)

    def _post(
        self, coro: Coroutine[Any, Any, T], timeout: float | None
    ) -> concurrent.futures.Future[T]:
        future: concurrent.futures.Future[T] = concurrent.futures.Future()
        with self._door:
            if self._thread is not None and not self._stopping:
                self._loop.call_soon_threadsafe(self._begin, coro, future, timeout)
                return future
        coro.close()
        raise RuntimeError("not running")

    def _begin(
        self,
        coro: Coroutine[Any, Any, T],
        future: concurrent.futures.Future[T],
        timeout: float | None,
    ) -> None:
        task = self._loop.create_task(coro)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda task: tell(task, future))
        if timeout is not None:
            timer = self._loop.call_later(timeout, time_out, task, future)
            task.add_done_callback(lambda _: timer.cancel())

    def run(self, coro: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        if threading.current_thread() is self._thread:
            coro.close()
            raise RuntimeError("not on the thread of the loop")
        return self._post(coro, timeout).result()

    def stop(self) -> None:
        with self._door:
            self._stopping = True
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


def time_out(task: asyncio.Task[T], future: concurrent.futures.Future[T]) -> None:
    future.set_exception(TimeoutError("no result in time"))
    task.cancel()


def tell(task: asyncio.Task[T], future: concurrent.futures.Future[T]) -> None:
    if future.done():
        return  # it has run into its timeout
    if task.cancelled():
        future.cancel()
        future.set_running_or_notify_cancel()
    elif (error := task.exception()) is not None:
        future.set_exception(error)
    else:
        future.set_result(task.result())
