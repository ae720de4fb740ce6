"""By hand: an accept loop, a task for each client, one timeout that is moved on."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


async def echo(client: socket.socket, idle: float, max_line: int) -> None:
    loop = asyncio.get_running_loop()
    held = b""
    async with asyncio.timeout(idle) as silence:
        while data := await loop.sock_recv(client, 4096):
            *lines, held = (held + data).split(b"\n")
            if max(map(len, [*lines, held])) > max_line:
                return
            if lines:
                silence.reschedule(loop.time() + idle)
                await loop.sock_sendall(client, b"\n".join([*lines, b""]))
        await loop.sock_sendall(client, held)


async def serve(client: socket.socket, idle: float, max_line: int) -> None:
    with client, suppress(OSError):
        await echo(client, idle, max_line)


async def accept(
    listening: socket.socket,
    clients: set[asyncio.Task[None]],
    idle: float,
    max_line: int,
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        client, _ = await loop.sock_accept(listening)
        task = asyncio.create_task(serve(client, idle, max_line))
        clients.add(task)
        task.add_done_callback(clients.discard)


@asynccontextmanager
async def echo_server(
    host: str = "127.0.0.1", port: int = 0, *, idle: float, max_line: int = 1024
) -> AsyncIterator[tuple[str, int]]:
    clients: set[asyncio.Task[None]] = set()
    with socket.create_server((host, port)) as listening:
        listening.setblocking(False)  # noqa: FBT003
        accepting = asyncio.create_task(accept(listening, clients, idle, max_line))
        try:
            yield listening.getsockname()
        finally:
            accepting.cancel()
            await asyncio.wait([accepting])
            for task in clients:
                task.cancel()
            await asyncio.gather(*clients, return_exceptions=True)
