# breaks own-state: the set of calls in flight belongs to the class
import asyncio


class DataFetcher:
    _asking = set()

    def __init__(self, transport):
        self._transport = transport
        self._refuses = False
        self._closing = asyncio.Lock()
        self._closed = False

    @classmethod
    async def connect(cls, base_url, transport):
        await transport.open(base_url)
        return cls(transport)

    def _check(self):
        if self._refuses:
            raise RuntimeError("closed")

    def _ask(self, endpoint):
        task = asyncio.create_task(self._transport.get(endpoint))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        return task

    async def fetch(self, endpoint):
        self._check()
        return await self._ask(endpoint)

    async def fetch_multiple(self, endpoints):
        self._check()
        tasks = [self._ask(endpoint) for endpoint in endpoints]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def aclose(self):
        self._refuses = True
        while self._asking:
            await asyncio.wait(self._asking)
        async with self._closing:
            if not self._closed:
                await self._transport.close()
                self._closed = True

    async def __aenter__(self):
        self._check()
        return self

    async def __aexit__(self, *exc):
        await self.aclose()
