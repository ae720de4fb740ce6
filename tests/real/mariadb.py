"""A MariaDB server of our own, which only this test run can reach."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import server


def find_program() -> str:
    return server.find_program(
        "mariadbd",
        server="MariaDB",
        package="mariadb-server-core",
        beside=[Path("/usr/sbin"), Path("/usr/local/sbin")],
    )


@pytest.fixture(scope="session")
def mariadb() -> Iterator[dict[str, Any]]:
    """Run the server; give what aiomysql's connect wants to know."""
    mariadbd = find_program()
    with server.private_folder() as folder:
        path = folder / "socket"
        # No port: the socket lies in a folder that nobody else can enter. So nobody needs
        # a password, and without it no system tables, whose making takes longest.
        command = [
            mariadbd,
            "--no-defaults",
            "--skip-grant-tables",
            "--skip-networking",
        ]
        command += [f"--datadir={folder}", f"--socket={path}", "--skip-log-bin"]
        command += ["--innodb-log-file-size=8M", "--innodb-buffer-pool-size=16M"]

        def ready() -> bool:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                try:
                    client.connect(str(path))
                    return client.recv(1) != b""
                except OSError:
                    return False

        with server.running(command, folder, ready=ready, stop=signal.SIGTERM):
            yield {"unix_socket": str(path), "user": "kata"}
