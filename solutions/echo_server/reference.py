"""A handler for each client; who is there is known by its writer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

GONE = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)


@asynccontextmanager
async def echo_server(
    host: str = "127.0.0.1", port: int = 0, *, idle: float, max_line: int = 1024
) -> AsyncIterator[tuple[str, int]]:
    """Serve while the block runs, and send every line back; the value is the address."""
    clients: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(idle):
                line = await reader.readuntil(b"\n")
            writer.write(line)
            await writer.drain()

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        clients[writer] = asyncio.current_task()
        with suppress(TimeoutError, *GONE):
            await echo(reader, writer)
        # Echoes may still be on their way: who never reads is there until the end.
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        del clients[writer]

    server = await asyncio.start_server(handle, host, port, limit=max_line)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        for writer in clients:
            writer.transport.abort()
        await asyncio.gather(*filter(None, clients.values()))
