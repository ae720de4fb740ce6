# breaks hundred-clients: the next client is accepted when the last one has gone
import asyncio
import socket
from contextlib import asynccontextmanager, suppress


async def echo(client, idle, max_line):
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


async def serve(client, idle, max_line):
    with client, suppress(OSError):
        await echo(client, idle, max_line)


async def accept(listening, idle, max_line):
    while True:
        client, _ = await asyncio.get_running_loop().sock_accept(listening)
        await serve(client, idle, max_line)


@asynccontextmanager
async def echo_server(host="127.0.0.1", port=0, *, idle, max_line=1024):
    with socket.create_server((host, port)) as listening:
        listening.setblocking(False)
        accepting = asyncio.create_task(accept(listening, idle, max_line))
        try:
            yield listening.getsockname()
        finally:
            accepting.cancel()
            await asyncio.wait([accepting])
