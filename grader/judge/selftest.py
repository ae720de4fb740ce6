"""Which walls does a submission really meet here?

A canary is played behind each level's walls, the highest first. The level that is reached
is the one whose promises it could not break; what is installed proves nothing.
"""

from __future__ import annotations

import hashlib
import os
import platform
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from grader import sandbox, values, wire
from grader.judge import cache
from grader.judge.drive import PlayerFault, drive, play_message
from grader.sandbox import bubblewrap
from grader.sandbox.launch import OutOfTime, PlayerDied, Sandbox, SandboxFault
from grader.sandbox.levels import (
    LEVELS,
    PROCESS,
    PROMISES,
    WITHOUT,
    Level,
    Walls,
    passing_uid,
    walls,
)
from grader.world.tokens import Tokens
from grader.world.world import World

_CANARY = Path(sandbox.__file__).parent / "canary.py"
_SCENARIO = """
def main(kata, world, **given):
    return kata.attempts(**given)
"""
_SECONDS = 2.0


class Finding(msgspec.Struct, frozen=True):
    """What a canary could do behind the walls of one level.

    `could` are the attempts that succeeded, `why` is why it could not be played at all.
    """

    level: Level
    could: list[str]
    why: str = ""

    @property
    def holds(self) -> bool:
        """Say whether all that the level promises is kept."""
        return not self.why and not PROMISES[self.level] & set(self.could)

    @property
    def broken(self) -> list[str]:
        """Return the promises that are not kept, sorted."""
        return sorted(PROMISES[self.level] & set(self.could))


class Reached(msgspec.Struct, frozen=True):
    """What the self-test found: the walls of the highest level that holds."""

    walls: Walls
    findings: list[Finding]


def reached(wanted: str = "best", *, afresh: bool = False) -> Reached:
    """Return what was found since the machine was started, or test now.

    `wanted` is the one level to test, or `best`: from the highest down to one that holds.
    """
    name = f"{wanted}-{_circumstances()}"
    kept = None if afresh else cache.read("selftest", name)
    if kept is not None and (known := _decoded(kept)) is not None:
        return known
    found = _test(LEVELS if wanted == "best" else [_level(wanted)])
    cache.write(msgspec.msgpack.encode(found), "selftest", name)
    return found


def every_level() -> list[Finding]:
    """Test all levels now, from the highest down; the last one always holds."""
    return [_tried(walls(level)) for level in LEVELS]


def _decoded(kept: bytes) -> Reached | None:
    try:
        known = msgspec.msgpack.decode(kept, type=Reached)
    except msgspec.MsgspecError:
        return None
    # The number is taken by one process; another must take another.
    setup = msgspec.structs.replace(
        known.walls.setup, uid=passing_uid() if known.walls.setup.uid else 0
    )
    return Reached(replace(known.walls, setup=setup), known.findings)


def _level(name: str) -> Level:
    return next(level for level in LEVELS if level == name)


def _test(levels: Iterable[Level]) -> Reached:
    """Test until a level holds; every machine has processes."""
    findings: list[Finding] = []
    for level in levels:
        built = walls(level)
        findings.append(_tried(built))
        if findings[-1].holds:
            return Reached(built, findings)
    return Reached(PROCESS, findings)


def _tried(built: Walls) -> Finding:
    try:
        could = play_canary(built)
    except (SandboxFault, PlayerFault, PlayerDied, OutOfTime, OSError) as error:
        return Finding(built.level, [], str(error)[:200] or type(error).__name__)
    except wire.ProtocolViolation as error:
        return Finding(built.level, [], str(error))
    return Finding(built.level, could)


def play_canary(built: Walls) -> list[str]:
    """Return what a canary can do behind these walls."""
    load = wire.Load(
        "canary",
        "canary.py",
        _CANARY.read_bytes(),
        _SCENARIO,
        [],
        [],
        _SECONDS,
        built.setup.unbounded,
    )
    with Sandbox(built) as started, _bait() as given:
        player = started.player()
        player.send(load)
        loaded = player.receive()
        if loaded != wire.Loaded(None):
            raise PlayerFault(f"the canary cannot be loaded: {loaded}"[:200])
        world = World({}, Tokens(b"canary", "canary"))
        run, _ = drive(
            player, world, play_message("main", given, world, [], collect=False)
        )
    return _successes(run.outcome)


def _successes(outcome: Any) -> list[str]:
    if outcome is None or outcome.kind != "returned":
        raise PlayerFault(f"the canary did not return: {outcome}"[:200])
    told = values.unpack(outcome.value)
    missing = PROMISES["strong"] - set(told)
    if missing:
        raise PlayerFault(f"the canary did not try to {', '.join(sorted(missing))}")
    return sorted(name for name, succeeded in told.items() if succeeded)


@contextmanager
def _bait() -> Iterator[dict[str, object]]:
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
            "secret": str(secret),
            "port": server.getsockname()[1],
            "name": name,
            "judge": os.getpid(),
        }


def _circumstances() -> str:
    """Return a digest of everything on which the findings rest."""
    digest = hashlib.sha256()
    for part in (
        _boot(),
        platform.platform(),
        os.geteuid(),
        sys.version,
        sys.executable,
        sys.prefix,
        str(_CANARY.resolve()),
        os.environ.get(WITHOUT, ""),
        _stamp(bubblewrap.found()),
        *(path.read_bytes() for path in sorted(_CANARY.parent.glob("*.py"))),
    ):
        digest.update(repr(part).encode())
    return digest.hexdigest()[:16]


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except OSError:
        return ""


def _stamp(program: str | None) -> tuple[int, int] | None:
    if program is None:
        return None
    found = Path(program).stat()
    return found.st_mtime_ns, found.st_size
