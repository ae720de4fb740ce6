# breaks idle-measured: one timer for all clients: whoever speaks moves it on
import asyncio
from contextlib import asynccontextmanager


class Echo(asyncio.Protocol):
    def __init__(self, clients, timer, max_line):
        self.clients, self.timer, self.max_line = clients, timer, max_line
        self.loop = asyncio.get_running_loop()
        self.held = b""

    def connection_made(self, transport):
        self.transport = transport
        self.gone = self.loop.create_future()
        self.clients.add(self)
        self.timer.restart()

    def connection_lost(self, error):
        self.clients.discard(self)
        self.gone.set_result(None)

    def data_received(self, data):
        *lines, self.held = (self.held + data).split(b"\n")
        for line in lines:
            if len(line) > self.max_line:
                return self.transport.close()
            self.transport.write(line + b"\n")
        if len(self.held) > self.max_line:
            return self.transport.close()
        if lines:
            self.timer.restart()

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


class Timer:
    def __init__(self, clients, idle):
        self.clients, self.idle = clients, idle
        self.restart(asyncio.get_running_loop().call_soon(int))

    def restart(self, handle=None):
        (handle or self.handle).cancel()
        loop = asyncio.get_running_loop()
        self.handle = loop.call_later(self.idle, self.ring)

    def ring(self):
        for client in self.clients:
            client.transport.abort()


@asynccontextmanager
async def echo_server(host="127.0.0.1", port=0, *, idle, max_line=1024):
    clients = set()
    timer = Timer(clients, idle)
    server = await asyncio.get_running_loop().create_server(
        lambda: Echo(clients, timer, max_line), host, port
    )
    try:
        yield server.sockets[0].getsockname()[:2]
    finally:
        timer.handle.cancel()
        server.close()
        last = [client.gone for client in clients]
        for client in clients:
            client.transport.abort()
        if last:
            await asyncio.wait(last)
