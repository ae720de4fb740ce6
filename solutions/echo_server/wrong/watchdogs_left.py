# breaks nothing-left: a watchdog for each client goes on when it has gone
import asyncio
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def echo_server(host="127.0.0.1", port=0, *, idle, max_line=1024):
    clients = {}
    watchdogs = set()

    async def echo(reader, writer):
        loop = asyncio.get_running_loop()
        last = loop.time()

        async def watch():
            while loop.time() < last + idle:
                await asyncio.sleep(last + idle - loop.time())
            writer.transport.abort()

        watching = asyncio.create_task(watch())
        watchdogs.add(watching)
        watching.add_done_callback(watchdogs.discard)
        with suppress(ValueError, ConnectionError):
            while True:
                line = await reader.readline()
                last = loop.time()
                if not line:
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
        for task, writer in clients.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
