"""No task at all: a protocol for each client, and a timer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Echo(asyncio.Protocol):
    transport: asyncio.Transport
    timer: asyncio.TimerHandle

    def __init__(self, clients: set["Echo"], idle: float, max_line: int) -> None:
        self.clients, self.idle, self.max_line = clients, idle, max_line
        self.loop = asyncio.get_running_loop()
        self.gone = self.loop.create_future()
        self.held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.clients.add(self)
        self.timer = self.loop.call_later(self.idle, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.timer.cancel()
        self.clients.discard(self)
        self.gone.set_result(None)

    def data_received(self, data: bytes) -> None:
        *lines, self.held = (self.held + data).split(b"\n")
        for line in lines:
            if len(line) > self.max_line:
                self.transport.close()
                return
            self.transport.write(line + b"\n")
        if len(self.held) > self.max_line:
            self.transport.close()
        elif lines:
            self.timer.cancel()
            self.timer = self.loop.call_later(self.idle, self.transport.abort)

    def pause_writing(self) -> None:
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self.transport.resume_reading()


@asynccontextmanager
async def echo_server(
    host: str = "127.0.0.1", port: int = 0, *, idle: float, max_line: int = 1024
) -> AsyncIterator[tuple[str, int]]:
    clients: set[Echo] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: Echo(clients, idle, max_line), host, port
    )
    try:
        yield server.sockets[0].getsockname()[:2]
    finally:
        server.close()
        last = [client.gone for client in clients]
        for client in clients:
            client.transport.abort()
        await asyncio.gather(*last)
