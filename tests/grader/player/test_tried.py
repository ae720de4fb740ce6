"""What walls are there to stop is told with the learner's line."""

import pytest

from grader import wire

from .performing import Perform, ended

TRIED = {
    "open('/etc/hostname')": "reads a file",
    "open('made', 'x')": "writes a file",
    "pathlib.Path('/etc/hostname').read_text()": "reads a file",
    "socket.socket()": "uses the network",
    "socket.getaddrinfo('localhost', 1)": "looks for a computer on the network",
    "subprocess.run(['/nowhere'])": "starts a program",
    "os.system('exit 0')": "starts a program",
    "os.mkdir('/proc/made')": "changes files",
    "os.kill(2**22 + 1, 0)": "sends a signal to another process",
}


@pytest.mark.parametrize("attempt", TRIED)
def test_what_is_forbidden_is_told_with_its_line(
    perform: Perform, attempt: str, tmp_path: object
) -> None:
    run = perform(f"""
        import os, pathlib, socket, subprocess, tempfile
        def f(world):
            os.chdir({str(tmp_path)!r})
            for _ in range(3):
                try:
                    {attempt}
                except OSError:
                    pass
        """)

    assert ended(run).tried == [wire.Tried(TRIED[attempt], 6)]


def test_what_asyncio_and_imports_do_is_not_told(perform: Perform) -> None:
    run = perform("""
        import asyncio, decimal, os, socket, sqlite3, threading
        def f(world):
            import wave, zipfile
            async def main():
                await asyncio.to_thread(int)
            asyncio.run(main())
            left, right = socket.socketpair()
            left.close()
            right.close()
            open(os.devnull).close()
            os.kill(os.getpid(), 0)
        """)

    assert ended(run).tried == []
