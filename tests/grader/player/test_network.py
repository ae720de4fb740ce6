"""Sockets, streams and servers on the simulated network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from grader import values
from grader.sandbox.launch import Sandbox
from grader.world.http import Ask, Browser, told
from grader.world.network import Line, Peer
from grader.world.peers import (
    Client,
    crashes,
    finishes,
    goes_on_reading,
    hangs_up,
    sends,
    stops_reading,
)
from grader.world.record import Connection, Run
from grader.world.rules import Rule, after, asynchronous

from .performing import Perform


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(libraries=["aiohttp"]) as started:
        yield started


SECONDS: Mapping[str, Rule] = {"wait": asynchronous(after(10))}

SERVERS = {
    "streams": """
        import asyncio
        async def f(world):
            async def handle(reader, writer):
                try:
                    while line := await reader.readline():
                        writer.write(line)
                        await writer.drain()
                finally:
                    writer.close()
            server = await asyncio.start_server(handle, "127.0.0.1", 0)
            async with server:
                await world.wait()
            return server.sockets
        """,
    "a protocol": """
        import asyncio
        class Echo(asyncio.Protocol):
            def connection_made(self, transport):
                self.transport = transport
                self.held = b""
            def data_received(self, data):
                *lines, self.held = (self.held + data).split(b"\\n")
                for line in lines:
                    self.transport.write(line + b"\\n")
        async def f(world):
            loop = asyncio.get_running_loop()
            server = await loop.create_server(Echo, "localhost", 0)
            await world.wait()
            server.close()
            return ()
        """,
    "sockets": """
        import asyncio, socket
        async def serve(loop, sock):
            held = b""
            with sock:
                while data := await loop.sock_recv(sock, 100):
                    *lines, held = (held + data).split(b"\\n")
                    for line in lines:
                        await loop.sock_sendall(sock, line + b"\\n")
        async def accept(loop, sock):
            async with asyncio.TaskGroup() as group:
                while True:
                    group.create_task(serve(loop, (await loop.sock_accept(sock))[0]))
        async def f(world):
            loop = asyncio.get_running_loop()
            with socket.create_server(("", 0)) as sock:
                sock.setblocking(False)
                task = asyncio.create_task(accept(loop, sock))
                await world.wait()
                task.cancel()
                await asyncio.wait([task])
            return ()
        """,
}


def when(connection: Connection) -> list[tuple[float, bytes]]:
    """Return what the submission sent, and the seconds at which it did."""
    return [(moment.at / 1e9, data) for moment, data in connection.sent]


def outcome(run: Run) -> Any:
    """Return what a run returned; its error is an error here too."""
    assert run.outcome is not None
    assert run.outcome.kind == "returned", run.outcome
    return values.unpack(run.outcome.value)


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_answers_at_the_instant_at_which_it_is_asked(
    perform: Perform, name: str
) -> None:
    peers = [
        Client(0.5, [sends(0, b"hel"), sends(1, b"lo\nyou\n"), finishes(2)]),
        Client(1, [sends(0.25, b"x\n"), hangs_up(3)]),
        Client(11, []),
    ]

    run = perform(SERVERS[name], SECONDS, network=peers)

    assert outcome(run) == ()
    first, second, late = run.connections
    assert (first.heard(), when(first)[0][0]) == (b"hello\nyou\n", 1.5)
    assert when(second) == [(1.25, b"x\n")]
    assert late.refused is not None
    assert run.ended is not None
    assert run.ended.warnings == []
    assert [run.end.at, run.left, run.stuck] == [11_000_000_000, [], []]


BY_CALLBACK = """
import asyncio, socket
async def f(world):
    loop = asyncio.get_running_loop()
    sock = socket.create_connection(("echo.example", 7))
    sock.setblocking(False)
    heard, done = [], loop.create_future()
    def readable():
        heard.append(sock.recv(10))
        done.set_result(loop.remove_reader(sock))
    def writable():
        sock.send(b"one")
        heard.append(loop.remove_writer(sock))
    loop.add_reader(sock, readable)
    loop.add_writer(sock, writable)
    heard.append(await done)
    heard.append(loop.remove_reader(sock))
    sock.close()
    return heard
"""


def test_a_socket_is_read_and_written_by_callbacks(perform: Perform) -> None:
    run = perform(BY_CALLBACK, network=[Echo()])

    assert outcome(run) == [True, b"one", True, False]


class Echo(Peer):
    """Answers what it is sent, each piece after a second."""

    host = "echo.example"
    port = 7

    def received(self, line: Line, data: bytes) -> None:
        line.send(data, 1)

    def finished(self, line: Line) -> None:
        line.finish(1)


class Closed(Peer):
    host = "closed.example"
    port = 7
    refuses = True
    answers: float | None = 0.5


class Silent(Peer):
    host = "silent.example"
    port = 7
    answers: float | None = None


PLACES = [Echo(), Closed(), Silent()]


def test_a_client_waits_as_long_as_its_server_takes(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            reader, writer = await asyncio.open_connection("echo.example", 7)
            writer.write(b"one")
            writer.write_eof()
            data = await reader.read()
            writer.close()
            await writer.wait_closed()
            return data, loop.time()
        """,
        network=PLACES,
    )

    assert outcome(run) == (b"one", 1001.0)
    assert run.connections[0].closed is not None


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("closed.example", ("ConnectionRefusedError", 0.5)),
        ("silent.example", ("TimeoutError", 3.0)),
        ("nowhere.example", ("gaierror", 0.0)),
        ("127.0.0.1", ("ConnectionRefusedError", 0.0)),
        ("10.9.9.9", ("ConnectionRefusedError", 0.0)),
    ],
)
def test_who_cannot_be_reached_is_told_so(
    perform: Perform, host: str, told: tuple[str, float]
) -> None:
    run = perform(
        f"""
        import asyncio
        async def f(world):
            loop = asyncio.get_running_loop()
            try:
                async with asyncio.timeout(3):
                    await asyncio.open_connection({host!r}, 7)
            except OSError as error:
                return type(error).__name__, loop.time() - 1000
        """,
        network=PLACES,
    )

    assert outcome(run) == told


def test_a_blocking_socket_waits_and_stops_the_loop(perform: Perform) -> None:
    run = perform(
        """
        import socket, time
        async def f(world):
            with socket.create_connection(("echo.example", 7)) as sock:
                sock.sendall(b"one")
                data = sock.recv(10)
                sock.settimeout(2)
                try:
                    sock.recv(10)
                except TimeoutError:
                    return data, time.monotonic()
        """,
        network=PLACES,
    )

    assert outcome(run) == (b"one", 1003.0)
    assert [(when.at, blocked.line) for when, blocked in run.blocked] == [
        (0, 3),
        (0, 5),
        (1_000_000_000, 8),
    ]


def test_threads_may_use_sockets_beside_the_loop(perform: Perform) -> None:
    run = perform(
        """
        import asyncio, socket
        def talk(text):
            with socket.create_connection(("echo.example", 7)) as sock:
                sock.sendall(text)
                return sock.recv(10)
        async def f(world):
            loop = asyncio.get_running_loop()
            calls = (asyncio.to_thread(talk, each) for each in (b"1", b"2", b"3"))
            return await asyncio.gather(*calls), loop.time()
        """,
        network=PLACES,
    )

    assert outcome(run) == ([b"1", b"2", b"3"], 1001.0)
    assert run.blocked == []


FLOOD = """
import asyncio
async def f(world):
    sent = []
    async def handle(reader, writer):
        while True:
            writer.write(bytes(10_000))
            await writer.drain()
            sent.append(10_000)
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with asyncio.timeout(5):
        await world.wait()
"""


def test_who_does_not_read_stops_who_drains(perform: Perform) -> None:
    run = perform(FLOOD, SECONDS, network=[Client(0, [stops_reading()])])

    assert run.outcome is not None
    assert run.outcome.kind == "raised"
    assert len(run.connections[0].heard()) == 1 << 16


def test_who_reads_again_is_sent_the_rest(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            async def handle(reader, writer):
                writer.write(bytes(300_000))
                await writer.drain()
                writer.close()
            server = await asyncio.start_server(handle, "127.0.0.1", 0)
            await world.wait()
        """,
        SECONDS,
        network=[Client(0, [stops_reading(), goes_on_reading(4)])],
    )

    (connection,) = run.connections
    assert outcome(run) is None
    assert len(connection.heard()) == 300_000
    assert {moment.at for moment, _ in connection.sent} == {0, 4_000_000_000}


def test_a_peer_is_given_no_more_than_there_is_room_for(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            async def handle(reader, writer):
                await asyncio.sleep(2)
                data = await reader.read()
                world.note("data", len(data))
            server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=100)
            await world.wait()
        """,
        SECONDS,
        network=[Client(0, [sends(0, bytes(500_000)), finishes(0)])],
    )

    assert [note.values for note in run.noted("data")] == [[500_000]]
    given = run.connections[0].given
    assert sum(len(data) for moment, data in given if moment.at == 0) <= 1 << 17


def test_a_peer_that_crashes_is_an_error_for_who_reads(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            async def handle(reader, writer):
                try:
                    await reader.readline()
                except ConnectionResetError:
                    world.note("reset")
                writer.close()
            async with await asyncio.start_server(handle, "127.0.0.1", 0):
                await world.wait()
        """,
        SECONDS,
        network=[Client(0, [sends(0, b"half"), crashes(1)])],
    )

    assert [note.when.at for note in run.noted("reset")] == [1_000_000_000]


def test_closing_with_bytes_unread_resets_the_connection(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            async def handle(reader, writer):
                await reader.readexactly(1)
                writer.transport.pause_reading()
                await asyncio.sleep(1)
                writer.close()
            await asyncio.start_server(handle, "127.0.0.1", 0)
            await world.wait()
        """,
        SECONDS,
        network=[Client(0, [sends(0, b"a"), sends(0.5, b"b")])],
    )

    assert run.connections[0].reset


def test_a_socket_that_is_never_closed_is_a_complaint(perform: Perform) -> None:
    run = perform(
        """
        import socket
        def f(world):
            socket.socket()
        """,
        network=[],
    )

    assert run.ended is not None
    assert [(each.kind, each.line) for each in run.ended.warnings] == [
        ("ResourceWarning", 3)
    ]


def test_a_cancelled_handler_is_no_complaint(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            tasks = []
            async def handle(reader, writer):
                tasks.append(asyncio.current_task())
                try:
                    await reader.read()
                finally:
                    writer.close()
            async with await asyncio.start_server(handle, "127.0.0.1", 0):
                await asyncio.sleep(1)
                tasks[0].cancel()
                await asyncio.wait(tasks)
        """,
        network=[Client(0, [])],
    )

    assert run.ended is not None
    assert run.ended.warnings == []


def test_a_handler_that_fails_is_a_complaint(perform: Perform) -> None:
    run = perform(
        """
        import asyncio
        async def f(world):
            async def handle(reader, writer):
                raise KeyError("x")
            async with await asyncio.start_server(handle, "127.0.0.1", 0):
                await asyncio.sleep(1)
        """,
        network=[Client(0, [])],
    )

    assert run.ended is not None
    assert "KeyError" in run.ended.warnings[0].message


def test_a_port_is_taken_once(perform: Perform) -> None:
    run = perform(
        """
        import socket
        def f(world):
            with socket.create_server(("127.0.0.1", 8000)):
                try:
                    socket.create_server(("127.0.0.1", 8000))
                except OSError as error:
                    return error.strerror
        """,
        network=[],
    )

    assert str(outcome(run)).startswith("Address already in use")


def test_without_a_network_sockets_are_the_real_ones(perform: Perform) -> None:
    run = perform("""
        import socket
        def f(world):
            with socket.socket() as sock:
                return sock.fileno() < 1000, isinstance(sock, socket.socket)
        """)

    assert outcome(run) == (True, True)


@pytest.mark.parametrize("where", ["10.0.0.1", "echo.example"])
def test_nobody_listens_at_the_address_of_another(perform: Perform, where: str) -> None:
    run = perform(
        f"""
        import socket
        def f(world):
            try:
                socket.create_server(({where!r}, 8000))
            except OSError as error:
                return True
        """,
        network=PLACES,
    )

    assert outcome(run) is True


def test_a_library_is_imported_with_its_server_before_the_submission(
    perform: Perform,
) -> None:
    run = perform("""
        import sys
        def f(world):
            return {"aiohttp", "aiohttp.web"} <= set(sys.modules)
        """)

    assert outcome(run) is True


def test_aiohttp_serves_a_browser(perform: Perform) -> None:
    browser = Browser(1, [Ask("GET", "/who"), Ask("POST", "/who", b"you", at=1)])

    run = perform(
        """
        import asyncio
        from aiohttp import web
        async def answer(request):
            await asyncio.sleep(0.5)
            return web.Response(text=await request.text() or "me")
        async def f(world):
            app = web.Application()
            app.router.add_route("*", "/who", answer)
            runner = web.AppRunner(app)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 8001).start()
            await world.wait()
            await runner.cleanup()
        """,
        SECONDS,
        network=[browser],
    )

    assert outcome(run) is None
    answers = told(run.connections[0], browser.asks)
    assert [(each.status, each.body, each.at.at / 1e9) for each in answers] == [
        (200, b"me", 1.5),
        (200, b"you", 2.5),
    ]
    assert run.ended is not None
    assert [run.ended.warnings, run.left] == [[], []]
