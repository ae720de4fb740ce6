"""Play a canary behind walls: what could it do?"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grader import values, wire
from grader.judge.drive import PlayerFault, drive, play_message
from grader.sandbox.capabilities import SHARED_MEMORY
from grader.sandbox.launch import OutOfTime, PlayerDied, Sandbox, SandboxFault
from grader.sandbox.levels import PROMISES, Walls
from grader.world.tokens import Tokens
from grader.world.world import World

_SCENARIO = """
def main(kata, world, **given):
    return kata.attempts(**given)
"""
_SECONDS = 2.0


class CanaryFault(Exception):
    """The canary could not be played, or did not tell what it could do."""


def play_canary(built: Walls, source: bytes) -> list[str]:
    """Return the names of the attempts that succeed behind these walls, sorted.

    Raises `CanaryFault` where that cannot be found out.
    """
    try:
        return _successes(_outcome(built, source))
    except (SandboxFault, PlayerFault, PlayerDied, OutOfTime, OSError) as error:
        raise CanaryFault(str(error)[:200] or type(error).__name__) from error
    except wire.ProtocolViolation as error:
        raise CanaryFault(str(error)) from error


def _outcome(built: Walls, source: bytes) -> Any:
    load = wire.Load(
        "canary",
        "canary.py",
        source,
        _SCENARIO,
        [],
        [],
        _SECONDS,
        built.setup.unbounded,
    )
    with Sandbox(built) as started, _bait(built) as given:
        player = started.player()
        player.send(load)
        loaded = player.receive()
        if loaded != wire.Loaded(None):
            raise PlayerFault(f"the canary cannot be loaded: {loaded}"[:200])
        world = World({}, Tokens(b"canary", "canary"))
        run, _ = drive(
            player, world, play_message("main", given, world, [], collect=False)
        )
    return run.outcome


def _successes(outcome: Any) -> list[str]:
    if outcome is None or outcome.kind != "returned":
        raise PlayerFault(f"the canary did not return: {outcome}"[:200])
    told = values.unpack(outcome.value)
    missing = PROMISES["strong"] - set(told)
    if missing:
        raise PlayerFault(f"the canary did not try to {', '.join(sorted(missing))}")
    return sorted(name for name, succeeded in told.items() if succeeded)


@contextmanager
def _bait(built: Walls) -> Iterator[dict[str, object]]:
    """Lay out what a canary may go for."""
    with (
        tempfile.TemporaryDirectory(prefix="canary-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX) as neighbour,
    ):
        secret = Path(folder, "secret")
        secret.write_text("unread", encoding="ascii")
        Path(folder).chmod(0o777)
        secret.chmod(0o666)
        name = f"canary-{os.getpid()}"
        if sys.platform == "linux":
            neighbour.bind("\0" + name)
            neighbour.listen()
        yield {
            "folder": folder,
            "places": [folder, *_places_not_granted(built)],
            "secret": str(secret),
            "port": server.getsockname()[1],
            "name": name,
            "judge": os.getpid(),
        }


def _places_not_granted(built: Walls) -> list[str]:
    """Return where a submission may think that it can write."""
    granted = {os.curdir} if "files" in built.allow else set()
    if "processes" in built.allow and built.has_own_files:
        granted.add(SHARED_MEMORY)
    places = ("/tmp", "/var/tmp", SHARED_MEMORY, "/", os.curdir)
    return [place for place in places if place not in granted]
