# breaks others-unharmed: the bytes of all clients go into one buffer
import asyncio
from contextlib import asynccontextmanager


class Echo(asyncio.Protocol):
    held = bytearray()

    def __init__(self, clients, idle, max_line):
        self.clients, self.idle, self.max_line = clients, idle, max_line
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport):
        self.transport = transport
        self.gone = self.loop.create_future()
        self.clients.add(self)
        self.timer = self.loop.call_later(self.idle, transport.abort)

    def connection_lost(self, error):
        self.timer.cancel()
        self.clients.discard(self)
        self.gone.set_result(None)

    def data_received(self, data):
        self.held.extend(data)
        *lines, rest = bytes(self.held).split(b"\n")
        self.held[:] = rest
        for line in lines:
            if len(line) > self.max_line:
                return self.transport.close()
            self.transport.write(line + b"\n")
        if len(self.held) > self.max_line:
            return self.transport.close()
        if lines:
            self.timer.cancel()
            self.timer = self.loop.call_later(self.idle, self.transport.abort)

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


@asynccontextmanager
async def echo_server(host="127.0.0.1", port=0, *, idle, max_line=1024):
    clients = set()
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
        if last:
            await asyncio.wait(last)
