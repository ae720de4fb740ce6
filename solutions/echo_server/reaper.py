"""Reads what has come and splits it; one task looks round for the silent ones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Talk:
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader, self.writer = reader, writer
        self.loop = asyncio.get_running_loop()
        self.task = asyncio.current_task()
        self.held = bytearray()
        self.last = self.loop.time()

    async def echo(self, max_line: int) -> None:
        while data := await self.reader.read(1000):
            self.held += data
            while 0 < (end := self.held.find(b"\n") + 1) <= max_line:
                self.writer.write(bytes(self.held[:end]))
                del self.held[:end]
                self.last = self.loop.time()
            if len(self.held) > max_line:
                return
            await self.writer.drain()

    def cut_off(self) -> None:
        self.writer.transport.abort()
        if self.task is not None:
            self.task.cancel()


async def look_round(talks: set[Talk], idle: float) -> None:
    while True:
        await asyncio.sleep(0.05)
        for talk in talks:
            if talk.loop.time() - talk.last >= idle:
                talk.cut_off()


@asynccontextmanager
async def echo_server(
    host: str = "127.0.0.1", port: int = 0, *, idle: float, max_line: int = 1024
) -> AsyncIterator[tuple[str, int]]:
    talks: set[Talk] = set()

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        talk = Talk(reader, writer)
        talks.add(talk)
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                await talk.echo(max_line)
                writer.close()
                await writer.wait_closed()
        finally:
            talks.remove(talk)
            writer.close()

    server = await asyncio.start_server(handle, host, port)
    looking = asyncio.create_task(look_round(talks, idle))
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        looking.cancel()
        tasks = [looking, *(talk.task for talk in talks if talk.task is not None)]
        for talk in talks:
            talk.cut_off()
        await asyncio.wait(tasks)
        await server.wait_closed()
