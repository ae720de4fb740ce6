# breaks nothing-left: a task that watches the others outlives aclose
import asyncio


class BackgroundTasks:
    def __init__(self, on_error):
        self.on_error = on_error
        self.tasks = set()
        self.failed = asyncio.Queue()
        self.watcher = None
        self.closed = False

    def spawn(self, coro, *, name=None):
        if self.closed:
            coro.close()
            raise RuntimeError("closed")
        if self.watcher is None:
            self.watcher = asyncio.create_task(self.watch())
        task = asyncio.create_task(coro, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.ended)
        return task

    def ended(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.failed.put_nowait(task)

    async def watch(self):
        while True:
            task = await self.failed.get()
            try:
                self.on_error(task, task.exception())
            except Exception as error:
                loop = asyncio.get_running_loop()
                loop.call_exception_handler({"message": "!", "exception": error})

    def __len__(self):
        return len(self.tasks)

    async def drain(self):
        while self.tasks:
            await asyncio.wait(self.tasks)

    async def aclose(self):
        if not self.closed:
            self.closed = True
            for task in self.tasks:
                task.cancel()
        await self.drain()
