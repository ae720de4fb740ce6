# breaks one-thread: every call gets a thread and a loop of its own
import asyncio
import concurrent.futures
import threading


class LoopThread:
    def __init__(self):
        self._pool = None
        self._running = {}

    def start(self):
        self._pool = concurrent.futures.ThreadPoolExecutor(32)

    def submit(self, coro):
        if self._pool is None:
            coro.close()
            raise RuntimeError("not running")
        future = concurrent.futures.Future()
        self._pool.submit(self._call, coro, future)
        return future

    def _call(self, coro, future):
        try:
            future.set_result(asyncio.run(self._noted(coro)))
        except asyncio.CancelledError:
            future.cancel()
            future.set_running_or_notify_cancel()
        except BaseException as error:
            future.set_exception(error)

    async def _noted(self, coro):
        loop = asyncio.get_running_loop()
        self._running[loop] = asyncio.current_task(), threading.get_ident()
        try:
            return await coro
        finally:
            coro.close()
            del self._running[loop]

    def run(self, coro, timeout=None):
        if threading.get_ident() in {ident for _, ident in self._running.values()}:
            coro.close()
            raise RuntimeError("not on a loop's own thread")
        if timeout is None:
            return self.submit(coro).result()
        try:
            return self.submit(asyncio.wait_for(coro, timeout)).result()
        except RuntimeError:
            coro.close()
            raise

    def stop(self):
        pool, self._pool = self._pool, None
        for loop, (task, _) in list(self._running.items()):
            loop.call_soon_threadsafe(task.cancel)
        if pool is not None:
            pool.shutdown()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.stop()
