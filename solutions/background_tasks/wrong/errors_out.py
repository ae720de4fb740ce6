# breaks drain-raises-nothing: gather raises the first error of a task
import asyncio


class BackgroundTasks:
    def __init__(self, on_error):
        self.on_error = on_error
        self.tasks = set()
        self.closed = False

    def spawn(self, coro, *, name=None):
        if self.closed:
            coro.close()
            raise RuntimeError("closed")
        task = asyncio.create_task(coro, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.ended)
        return task

    def ended(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.on_error(task, task.exception())

    def __len__(self):
        return len(self.tasks)

    async def drain(self):
        while self.tasks:
            await asyncio.gather(*map(asyncio.shield, self.tasks))

    async def aclose(self):
        if not self.closed:
            self.closed = True
            for task in self.tasks:
                task.cancel()
        while self.tasks:
            await asyncio.wait(self.tasks)
