# breaks closes-clients: who is still to read its last echoes is forgotten
import asyncio
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def echo_server(host="127.0.0.1", port=0, *, idle, max_line=1024):
    clients = {}

    async def echo(reader, writer):
        with suppress(TimeoutError, ValueError, ConnectionError):
            while True:
                async with asyncio.timeout(idle):
                    line = await reader.readline()
                if not line:
                    return
                writer.write(line)
                await writer.drain()

    async def handle(reader, writer):
        clients[asyncio.current_task()] = writer
        try:
            await echo(reader, writer)
        finally:
            writer.close()
            del clients[asyncio.current_task()]

    server = await asyncio.start_server(handle, host, port, limit=max_line)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        for task, writer in clients.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
