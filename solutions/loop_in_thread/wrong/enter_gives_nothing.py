# breaks block-stops: __enter__ does not return the object
import asyncio
import threading


class LoopThread:
    def __init__(self):
        self._loop = None
        self._thread = threading.Thread(target=self._work)
        self._running = threading.Event()
        self._takes_calls = False

    def start(self):
        self._thread.start()
        self._running.wait()

    def submit(self, coro):
        if not self._takes_calls:
            coro.close()
            raise RuntimeError("not running")
        return asyncio.run_coroutine_threadsafe(coro, self._loop)

    def run(self, coro, timeout=None):
        if threading.current_thread() is self._thread:
            coro.close()
            raise RuntimeError("not on the loop's own thread")
        future = self.submit(coro)
        try:
            return future.result(timeout)
        except TimeoutError:
            future.cancel()
            raise

    def stop(self):
        if self._takes_calls:
            self._takes_calls = False
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def __enter__(self):
        self.start()

    def __exit__(self, *exc):
        self.stop()

    def _work(self):
        self._loop = asyncio.new_event_loop()
        self._loop.call_soon(self._begin)
        self._loop.run_forever()
        self._loop.run_until_complete(self._cancel_all())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _begin(self):
        self._takes_calls = True
        self._running.set()

    async def _cancel_all(self):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
