"""The echo server, with plain sockets as clients."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Any

import pytest

from .waiting import AT_MOST, others

LONG = 600.0  # seconds that no test takes: nobody is idle for so long
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


class Client:
    """A socket, with calls that wait as asyncio does; none of asyncio's streams."""

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(0)
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        await self._loop.sock_sendall(self.socket, data)

    async def receive(self, size: int) -> bytes:
        """Return so many bytes, or fewer if the server closes."""
        got = b""
        async with asyncio.timeout(AT_MOST):
            while len(got) < size:
                data = await self._loop.sock_recv(self.socket, size - len(got))
                if not data:
                    break
                got += data
        return got

    async def is_hung_up_on(self) -> bool:
        """Wait until the server closes, in one way or another, and say nothing more."""
        try:
            return await self.receive(1) == b""
        except ConnectionError:
            return True

    async def echoes(self, line: bytes) -> bool:
        await self.send(line)
        return await self.receive(len(line)) == line


@asynccontextmanager
async def connected(address: tuple[str, int]) -> AsyncIterator[Client]:
    client = Client()
    with closing(client.socket):
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client.socket, tuple(address[:2]))
        yield client


class Clients(AsyncExitStack):
    """Clients that outlive the server."""

    async def add(self, address: tuple[str, int]) -> Client:
        return await self.enter_async_context(connected(address))


@asynccontextmanager
async def served(
    answer: Any, *, idle: float = LONG, max_line: int = 1024
) -> AsyncIterator[tuple[str, int]]:
    """Run the server; hold that it leaves nothing, and that nobody has to complain."""
    loop = asyncio.get_running_loop()
    complaints: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    before = others()
    try:
        async with answer.echo_server(idle=idle, max_line=max_line) as address:
            yield address
    finally:
        assert others() == before
        assert complaints == []


@pytest.mark.asyncio
async def test_a_hundred_clients_are_served_at_once(answer: Any) -> None:
    everyone_is_here = asyncio.Barrier(100)

    async def talk(address: tuple[str, int], number: int) -> bool:
        async with connected(address) as client:
            await everyone_is_here.wait()
            lines = [f"{number} says {word}\n".encode() for word in ("one", "two")]
            return all([await client.echoes(line) for line in lines])

    async with served(answer) as address:
        served_well = await asyncio.gather(*(talk(address, n) for n in range(100)))

    assert served_well == [True] * 100


@pytest.mark.asyncio
async def test_lines_need_not_come_one_a_packet(answer: Any) -> None:
    async with served(answer) as address, connected(address) as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert await client.echoes(b"three\nin one\n\n")
        for byte in b"slowly":
            await client.send(bytes([byte]))
            await asyncio.sleep(0.001)
        await client.send(b"\nand more\n")
        assert await client.receive(16) == b"slowly\nand more\n"


@pytest.mark.asyncio
async def test_who_has_sent_all_still_gets_the_echoes(answer: Any) -> None:
    lines = b"".join(b"line %d\n" % number for number in range(1000))

    async with served(answer) as address, connected(address) as client:
        await client.send(lines)
        client.socket.shutdown(socket.SHUT_WR)
        assert await client.receive(len(lines)) == lines
        assert await client.is_hung_up_on()


@pytest.mark.asyncio
async def test_who_says_nothing_is_disconnected_and_who_talks_is_not(
    answer: Any,
) -> None:
    loop = asyncio.get_running_loop()
    longest_pause = 0.0

    async def talk(address: tuple[str, int]) -> bool:
        nonlocal longest_pause
        async with connected(address) as client:
            try:
                while True:
                    said = loop.time()
                    if not await client.echoes(b"still here\n"):
                        return False
                    await asyncio.sleep(0.05)
                    longest_pause = max(longest_pause, loop.time() - said)
            except ConnectionError:
                return False

    async with served(answer, idle=0.5) as address:
        talking = asyncio.create_task(talk(address))
        for _ in range(2):  # so that the talker is older than `idle`
            async with connected(address) as silent:
                assert await silent.is_hung_up_on()
        # On a machine that stood still for half of `idle` nothing follows.
        assert not talking.done() or longest_pause > 0.25
        talking.cancel()
        await asyncio.wait([talking])


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.asyncio
async def test_a_line_that_is_too_long_disconnects_its_client_only(
    answer: Any, end: bytes
) -> None:
    async with (
        served(answer, max_line=50) as address,
        connected(address) as good,
        connected(address) as bad,
    ):
        assert await good.echoes(b"x" * 40 + b"\n")
        assert await bad.echoes(b"short\n")
        await bad.send(b"x" * 2000 + end)
        assert await bad.is_hung_up_on()
        assert await good.echoes(b"as before\n")


@pytest.mark.asyncio
async def test_of_a_client_that_does_not_read_little_is_held(answer: Any) -> None:
    megabyte = (b"x" * 1023 + b"\n") * 1024
    taken = 0

    async def push(address: tuple[str, int]) -> None:
        nonlocal taken
        async with connected(address) as client:
            while True:
                await client.send(megabyte)
                taken += 1

    async with (
        served(answer, max_line=2000) as address,
        connected(address) as good,
    ):
        pushing = asyncio.create_task(push(address))
        # Until nothing is taken any more. The kernel's own buffers hold some megabytes.
        before = -1
        while before != taken < 200:
            before = taken
            for _ in range(10):
                assert await good.echoes(b"am I served?\n")
                await asyncio.sleep(0.02)
        assert taken < 200
        pushing.cancel()
        await asyncio.wait([pushing])


@pytest.mark.asyncio
async def test_a_client_that_resets_disturbs_nobody(answer: Any) -> None:
    async with served(answer) as address, connected(address) as good:
        for _ in range(20):
            async with connected(address) as rude:
                await rude.send(b"what do you\n" * 1000)
                rude.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        assert await good.echoes(b"as before\n")


@pytest.mark.asyncio
async def test_after_the_block_clients_are_closed_and_the_port_refuses(
    answer: Any,
) -> None:
    async with Clients() as clients:
        async with served(answer) as address:
            silent, talking, half = [await clients.add(address) for _ in range(3)]
            assert await talking.echoes(b"hello\n")
            await half.send(b"half a li")
        assert all([await client.is_hung_up_on() for client in (silent, talking, half)])
        with pytest.raises(ConnectionRefusedError):
            await clients.add(address)


@pytest.mark.asyncio
async def test_a_failing_body_closes_the_clients_and_comes_out(answer: Any) -> None:
    address, client = ("", 0), None

    async def fail(clients: Clients) -> None:
        nonlocal address, client
        async with served(answer) as address:
            client = await clients.add(address)
            assert await client.echoes(b"hello\n")
            raise ZeroDivisionError

    async with Clients() as clients:
        with pytest.raises((ZeroDivisionError, ExceptionGroup)) as raised:
            await fail(clients)
        (error,) = getattr(raised.value, "exceptions", [raised.value])
        assert isinstance(error, ZeroDivisionError)
        assert client is not None
        assert await client.is_hung_up_on()
        with pytest.raises(ConnectionRefusedError):
            await clients.add(address)
