"""A PostgreSQL server of our own, which only this test run can reach."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import server


def find_folders() -> list[Path]:
    """Return where Debian puts the programs of each version, the newest first."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(found, key=lambda path: float(path.parent.name), reverse=True)


def find_program(name: str) -> str:
    return server.find_program(
        name, server="PostgreSQL", package="postgresql", beside=find_folders()
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, Any]]:
    """Run the server; give what asyncpg's connect wants to know."""
    initdb, postgres = find_program("initdb"), find_program("postgres")
    with server.private_folder() as folder:
        data = folder / "data"
        command = [initdb, f"--pgdata={data}", "--username=kata", "--auth=trust"]
        command += ["--no-sync", "--encoding=UTF8", "--locale=C"]
        server.run(command, folder)
        # No port: the socket lies in a folder that nobody else can enter.
        command = [postgres, "-D", str(data), "-k", str(folder), "-F"]
        command += ["-c", "listen_addresses="]
        state = data / "postmaster.pid"

        def ready() -> bool:
            return state.exists() and state.read_text().rstrip().endswith("ready")

        # SIGTERM would wait for clients to leave.
        with server.running(command, folder, ready=ready, stop=signal.SIGINT):
            yield {"host": str(folder), "user": "kata", "database": "postgres"}
