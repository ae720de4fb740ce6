"""asyncio.Runner in the thread: its main coroutine waits for an event."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class LoopThread:
    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._door = threading.Lock()
        self._open = False

    def start(self) -> None:
        running = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(running,), daemon=True)
        self._thread.start()
        running.wait()

    def _work(self, running: threading.Event) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._serve(running))

    async def _serve(self, running: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._open = True
        running.set()
        await self._end.wait()

    def submit(self, coro: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        with self._door:
            if not self._open:
                coro.close()
                raise RuntimeError("not running")
            return asyncio.run_coroutine_threadsafe(coro, self._loop)

    def run(self, coro: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        try:
            here = asyncio.get_running_loop()
        except RuntimeError:
            pass
        else:
            if here is getattr(self, "_loop", None):
                coro.close()
                raise RuntimeError("run cannot be called on the loop's own thread")
        if timeout is None:
            return self.submit(coro).result()
        try:
            future = self.submit(asyncio.wait_for(coro, timeout))
        except RuntimeError:
            coro.close()  # it is inside the one that was refused
            raise
        return future.result()

    def stop(self) -> None:
        with self._door:
            if self._open:
                self._open = False
                self._loop.call_soon_threadsafe(self._end.set)
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
