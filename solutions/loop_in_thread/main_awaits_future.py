"""asyncio.run of a main coroutine in a pool's thread; it awaits a future that ends it."""

import asyncio
import concurrent.futures
from collections.abc import Coroutine
from threading import Lock, get_ident
from typing import Any, Self, TypeVar

T = TypeVar("T")


class LoopThread:
    def __init__(self) -> None:
        self._pool: concurrent.futures.ThreadPoolExecutor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._door = Lock()
        self._ident = 0

    def start(self) -> None:
        self._pool = concurrent.futures.ThreadPoolExecutor(1)
        ready: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._served = self._pool.submit(asyncio.run, self._serve(ready))
        ready.result()

    async def _serve(self, ready: concurrent.futures.Future[None]) -> None:
        self._ident = get_ident()
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.create_future()
        ready.set_result(None)
        await self._end

    def submit(self, coro: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        with self._door:
            if self._loop is None:
                coro.close()
                raise RuntimeError("not running")
            return asyncio.run_coroutine_threadsafe(coro, self._loop)

    def run(self, coro: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        if get_ident() == self._ident:
            coro.close()
            raise RuntimeError("run would wait for itself")
        future = self.submit(coro)
        concurrent.futures.wait([future], timeout)
        if not future.done():
            future.cancel()
            raise TimeoutError(f"no result after {timeout} s")
        return future.result()

    def stop(self) -> None:
        with self._door:
            loop, self._loop = self._loop, None
            if loop is not None:
                loop.call_soon_threadsafe(self._end.set_result, None)
        if self._pool is not None:
            self._pool.shutdown(wait=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
