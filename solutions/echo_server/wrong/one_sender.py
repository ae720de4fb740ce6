# breaks others-unharmed: one task sends to all clients, and waits for the slowest
import asyncio
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def echo_server(host="127.0.0.1", port=0, *, idle, max_line=1024):
    clients = {}
    outgoing = asyncio.Queue(100)

    async def echo(reader, writer):
        with suppress(TimeoutError, ValueError, ConnectionError):
            while True:
                async with asyncio.timeout(idle):
                    line = await reader.readline()
                if not line:
                    return
                await outgoing.put((writer, line))

    async def send():
        while True:
            writer, line = await outgoing.get()
            writer.write(line)
            with suppress(ConnectionError):
                await writer.drain()
            outgoing.task_done()

    async def handle(reader, writer):
        clients[asyncio.current_task()] = writer
        try:
            await echo(reader, writer)
            await outgoing.join()
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        finally:
            del clients[asyncio.current_task()]

    server = await asyncio.start_server(handle, host, port, limit=max_line)
    sending = asyncio.create_task(send())
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        sending.cancel()
        for task, writer in clients.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(sending, *clients, return_exceptions=True)
