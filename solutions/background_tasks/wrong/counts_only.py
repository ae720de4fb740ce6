# breaks held: it counts its tasks and holds none of them
import asyncio


class BackgroundTasks:
    def __init__(self, on_error):
        self.on_error = on_error
        self.count = 0
        self.changed = asyncio.Condition()
        self.end = asyncio.Event()
        self.closed = False

    def spawn(self, coro, *, name=None):
        if self.closed:
            coro.close()
            raise RuntimeError("closed")
        self.count += 1
        task = asyncio.create_task(coro, name=name)
        task.add_done_callback(self.ended)
        task.background = self
        return task

    def ended(self, task):
        self.count -= 1
        if not task.cancelled() and task.exception():
            self.on_error(task, task.exception())

    def __len__(self):
        return self.count

    def mine(self):
        tasks = asyncio.all_tasks()
        return [task for task in tasks if getattr(task, "background", None) is self]

    async def drain(self):
        while mine := self.mine():
            await asyncio.wait(mine)

    async def aclose(self):
        if not self.closed:
            self.closed = True
            for task in self.mine():
                task.cancel()
        await self.drain()
