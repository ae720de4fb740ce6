# breaks on-error-raises: when on_error raises, the lines that drop the task are skipped
import asyncio


class BackgroundTasks:
    def __init__(self, on_error):
        self.on_error = on_error
        self.tasks = set()
        self.idle = asyncio.Event()
        self.idle.set()
        self.closed = False

    def spawn(self, coro, *, name=None):
        if self.closed:
            coro.close()
            raise RuntimeError("closed")
        task = asyncio.create_task(coro, name=name)
        self.tasks.add(task)
        self.idle.clear()
        task.add_done_callback(self.ended)
        return task

    def ended(self, task):
        if not task.cancelled() and task.exception():
            self.on_error(task, task.exception())
        self.tasks.discard(task)
        if not self.tasks:
            self.idle.set()

    def __len__(self):
        return len(self.tasks)

    async def drain(self):
        while self.tasks:
            await self.idle.wait()

    async def aclose(self):
        if not self.closed:
            self.closed = True
            for task in self.tasks:
                task.cancel()
        await self.drain()
