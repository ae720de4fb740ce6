"""What a submission tries outside of its player, behind each kind of walls."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from grader.sandbox.levels import WITHOUT, walls

from .playing import Stand

# Each tries one thing; it returns what it got, or raises.
OUTSIDE = {
    "reading an account": "open('/etc/passwd').read()",
    "reading the hidden tests": "open({tests!r}).read()",
    "reading what the machine runs": "open('/proc/1/environ').read()",
    "listing the root": "os.listdir({home!r})",
    "writing a file": "open('left', 'w').write('x')",
    "writing beside the tests": "open({folder!r} + '/left', 'w').write('x')",
    "writing to shared memory": "open('/dev/shm/left', 'w').write('x')",
    "writing to the temporary folder": "open('/tmp/left-by-a-kata', 'w').write('x')",
    "linking": "os.symlink('/etc', {folder!r} + '/link')",
    "renaming": "os.rename({folder!r}, {folder!r} + '2')",
    "changing rights": "os.chmod({folder!r}, 0o777)",
    "changing times": "os.utime({folder!r})",
    "a fork": "os.fork()",
    "a child": "subprocess.run(['true'])",
    "a shell": "1 / (os.system('true') == 0)",
    "a pool of processes": "multiprocessing.Process(target=int).start()",
    "a spawned program": "os.posix_spawn('/bin/true', ['true'], {{}})",
    "another program": "os.execv('/bin/true', ['true'])",
    "a connection": "socket.create_connection(('127.0.0.1', {port}))",
    "a datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))",
    "a raw socket": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "a server": "socket.create_server(('127.0.0.1', 0))",
    "a name": "socket.getaddrinfo('localhost', 80)",
    "a socket without a name": "socket.socket(socket.AF_UNIX).connect(chr(0) + 'x')",
    "a socket of the machine": "socket.socket(40, socket.SOCK_STREAM)",
    "a signal to the judge": "os.kill({judge}, 0)",
    "a signal to all": "os.kill(-1, 0)",
    "a signal to the zygote": "os.kill(os.getppid(), 0)",
    "a signal from a pipe": "fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid())",
    "a signal from a pipe to a thread": (
        "fcntl.fcntl(os.pipe()[0], 15, struct.pack('ii', 1, os.getppid()))"
    ),
    "a signal of one's choice": "fcntl.fcntl(os.pipe()[0], fcntl.F_SETSIG, 9)",
    "a signal from a socket": (
        "fcntl.ioctl(socket.socketpair()[0], 0x8901, struct.pack('i', os.getppid()))"
    ),
    "a memory file": "os.memfd_create('x')",
    "a watch on files": "call('inotify_init1', 0)",
    "shared memory of System V": "call('shmget', 0, 4096, 0o1600)",
    "a namespace": "call('unshare', 0x10000000)",
    "a trace of the judge": "call('ptrace', 0x4206, {judge}, 0, 0)",
    "a priority": "os.setpriority(os.PRIO_PROCESS, {judge}, 19)",
    "another user": "os.setuid(0) if os.getuid() else call('setuid', -2)",
    "a mount": "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)",
    "a bigger limit": "resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
}

SOURCE = """
import ctypes, fcntl, multiprocessing, os, resource, socket, struct, subprocess
def call(name, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)
def f(world):
    try:
        {attempt}
    except (OSError, ValueError, ArithmeticError):
        return "blocked"
    return "possible"
"""


@pytest.fixture(scope="module")
def server() -> socket.socket:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def attempt(name: str, folder: Path, server: socket.socket) -> str:
    return SOURCE.format(
        attempt=OUTSIDE[name].format(
            tests=str(Path(__file__)),
            home=str(Path(__file__).parent),
            folder=str(folder),
            judge=os.getpid(),
            port=server.getsockname()[1],
        )
    )


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_outside_of_a_player_can_be_had(
    stand: Stand, server: socket.socket, name: str
) -> None:
    if stand.level == "process":
        pytest.skip("a process promises deadlines only")

    assert stand.run(attempt(name, stand.folder, server)) == "returned 'blocked'"


def test_behind_strong_walls_there_is_nothing_to_see(stand: Stand) -> None:
    if stand.level != "strong":
        pytest.skip("only strong walls hide that files are there")

    told = stand.run(
        f"""
        import os
        def f(world):
            places = ["/proc", "/etc/passwd", "/var", {str(Path(__file__))!r}]
            return [each for each in places if os.path.exists(each)]
        """
    )

    assert told == "returned []"


def test_a_player_knows_no_secret_of_the_judge(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = stand.run("""
        import os, sys
        def f(world):
            known = {"PATH", "HOME", "USER", "KATA_WITHOUT", "XDG_CACHE_HOME"}
            return sorted(known & set(os.environ)), sys.argv
        """)

    assert told.startswith("returned ([], [")
    assert "katas" not in told


def test_a_submission_may_still_do_what_it_needs(stand: Stand) -> None:
    told = stand.run("""
        import asyncio, concurrent.futures, json, random, tempfile, threading, zoneinfo
        import decimal, sqlite3, statistics, xml.etree.ElementTree
        async def f(world):
            await asyncio.gather(asyncio.sleep(1), asyncio.to_thread(int))
            with concurrent.futures.ThreadPoolExecutor(20) as pool:
                list(pool.map(int, range(50)))
            with open("/dev/null", "w") as null:
                null.write("x")
            import signal, os
            signal.raise_signal(signal.SIGCHLD)
            return "done"
        """)

    assert told == "returned 'done'"


@pytest.mark.parametrize("layer", ["bubblewrap", "landlock", "seccomp"])
def test_a_level_is_built_without_a_layer_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, layer: str
) -> None:
    monkeypatch.setenv(WITHOUT, layer)

    assert layer not in walls("strong").layers
