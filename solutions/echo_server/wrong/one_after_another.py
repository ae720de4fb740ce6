# breaks closes-clients: gives every client some time, one after another
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
                if not line or writer.is_closing():
                    return
                writer.write(line)
                await writer.drain()

    async def handle(reader, writer):
        clients[asyncio.current_task()] = writer
        try:
            await echo(reader, writer)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        finally:
            del clients[asyncio.current_task()]

    server = await asyncio.start_server(handle, host, port, limit=max_line)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        for task, writer in list(clients.items()):
            writer.close()
            await asyncio.wait([task], timeout=0.75)
            if task in clients:
                writer.transport.abort()
        await asyncio.gather(*clients, return_exceptions=True)
