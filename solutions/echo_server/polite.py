"""A class; leaving lets pending echoes out for half a second before it aborts."""

import asyncio
from contextlib import suppress


class Client:
    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        idle: float,
    ) -> None:
        self.reader, self.writer, self.idle = reader, writer, idle

    async def serve(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self.idle) as silence:
                while line := await self.next_line():
                    silence.reschedule(loop.time() + self.idle)
                    self.writer.write(line)
                    await self.writer.drain()
        except (TimeoutError, ConnectionError):
            pass
        finally:
            self.writer.close()

    async def next_line(self) -> bytes:
        try:
            return await self.reader.readline()
        except ValueError:
            return b""

    async def closed(self) -> None:
        with suppress(ConnectionError):
            await self.writer.wait_closed()


class Server:
    server: asyncio.Server

    def __init__(self, host: str, port: int, idle: float, max_line: int) -> None:
        self.address = host, port
        self.idle, self.max_line = idle, max_line
        self.clients: dict[Client, asyncio.Task[None] | None] = {}

    async def __aenter__(self) -> tuple[str, int]:
        host, port = self.address
        self.server = await asyncio.start_server(
            self.handle, host, port, limit=self.max_line
        )
        bound: tuple[str, int] = self.server.sockets[0].getsockname()
        return bound

    async def handle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        client = Client(reader, writer, self.idle)
        self.clients[client] = asyncio.current_task()
        try:
            await client.serve()
            await client.closed()
        finally:
            del self.clients[client]

    async def __aexit__(self, *exc: object) -> None:
        self.server.close()
        for client in self.clients:
            client.writer.close()
        try:
            if tasks := list(filter(None, self.clients.values())):
                await asyncio.wait(tasks, timeout=0.5)
        finally:
            await self.cut_off()

    async def cut_off(self) -> None:
        tasks = list(filter(None, self.clients.values()))
        for client in self.clients:
            client.writer.transport.abort()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def echo_server(
    host: str = "127.0.0.1", port: int = 0, *, idle: float, max_line: int = 1024
) -> Server:
    return Server(host, port, idle, max_line)
