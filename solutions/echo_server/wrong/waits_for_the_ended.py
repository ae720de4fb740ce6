# breaks closes-clients: waits in a loop for tasks, and those that fail stay in the set
import asyncio
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def echo_server(host="127.0.0.1", port=0, *, idle, max_line=1024):
    clients = {}

    async def echo(reader, writer):
        while True:
            async with asyncio.timeout(idle):
                line = await reader.readline()
            if not line:
                return
            writer.write(line)
            await writer.drain()

    async def handle(reader, writer):
        task = asyncio.current_task()
        clients[task] = writer
        with suppress(TimeoutError, ValueError, ConnectionError):
            await echo(reader, writer)
            writer.close()
            await writer.wait_closed()
            del clients[task]
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(handle, host, port, limit=max_line)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        for writer in clients.values():
            writer.transport.abort()
        while clients:
            await asyncio.wait(clients)
