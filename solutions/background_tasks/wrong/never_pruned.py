# breaks len-counts: no task ever leaves the list
import asyncio


class BackgroundTasks:
    def __init__(self, on_error):
        self.on_error = on_error
        self.tasks = []
        self.closed = False

    def spawn(self, coro, *, name=None):
        if self.closed:
            coro.close()
            raise RuntimeError("closed")
        task = asyncio.create_task(coro, name=name)
        self.tasks.append(task)
        task.add_done_callback(self.ended)
        return task

    def ended(self, task):
        if not task.cancelled() and task.exception():
            self.on_error(task, task.exception())

    def __len__(self):
        return len(self.tasks)

    async def drain(self):
        while unfinished := [task for task in self.tasks if not task.done()]:
            await asyncio.wait(unfinished)

    async def aclose(self):
        if not self.closed:
            self.closed = True
            for task in self.tasks:
                task.cancel()
        await self.drain()
