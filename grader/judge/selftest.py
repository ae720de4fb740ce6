"""Which walls does a submission really meet here?

A canary is played behind each level's walls, the highest first. The level that is reached
is the one whose promises it could not break; what is installed proves nothing.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from grader import sandbox
from grader.judge import cache
from grader.sandbox import bubblewrap
from grader.sandbox.capabilities import Capability
from grader.sandbox.levels import (
    LEVELS,
    WITHOUT,
    Level,
    Walls,
    passing_uid,
    promises,
    unwalled,
    walls,
)

CANARY = Path(sandbox.__file__).parent / "canary.py"
"""The submission that tries everything."""


class Finding(msgspec.Struct, frozen=True):
    """What a canary could do behind the walls of one level.

    `could` are the attempts that succeeded, `why` is why it could not be played at all.
    """

    level: Level
    could: list[str]
    why: str = ""
    allow: tuple[Capability, ...] = ()

    @property
    def holds(self) -> bool:
        """Say whether all that the level promises is kept."""
        return not self.why and not self.broken

    @property
    def broken(self) -> list[str]:
        """Return the promises that are not kept, sorted."""
        return sorted(promises(self.level, self.allow) & set(self.could))


class Reached(msgspec.Struct, frozen=True):
    """What the self-test found: the walls of the highest level that holds."""

    walls: Walls
    findings: list[Finding]


def reached(
    wanted: str = "best",
    allow: Collection[Capability] = (),
    *,
    afresh: bool = False,
) -> Reached:
    """Return what was found since the machine was started, or test now.

    `wanted` is the one level to test, or `best`: from the highest down to one that holds.
    `allow` is what the walls have to leave open.
    """
    name = "-".join([wanted, *sorted(allow), _circumstances()])
    kept = None if afresh else cache.read("selftest", name)
    if kept is not None and (known := _decoded(kept)) is not None:
        return known
    found = _test(LEVELS if wanted == "best" else [_level(wanted)], allow)
    cache.write(msgspec.msgpack.encode(found), "selftest", name)
    return found


def every_level(allow: Collection[Capability] = ()) -> list[Finding]:
    """Test all levels now, from the highest down; the last one always holds."""
    return [_finding(walls(level, allow)) for level in LEVELS]


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


def _test(levels: Iterable[Level], allow: Collection[Capability]) -> Reached:
    """Test until a level holds; every machine has processes."""
    findings: list[Finding] = []
    for level in levels:
        built = walls(level, allow)
        findings.append(_finding(built))
        if findings[-1].holds:
            return Reached(built, findings)
    return Reached(unwalled("process", allow), findings)


def _finding(built: Walls) -> Finding:
    # Most often the answer is known, and then a sandbox is to start without these imports.
    from grader.judge.canary import CanaryFault, play_canary

    try:
        could, why = play_canary(built, CANARY.read_bytes()), ""
    except CanaryFault as error:
        could, why = [], str(error)
    return Finding(built.level, could, why, built.allow)


def _circumstances() -> str:
    """Return a digest of everything on which the findings rest."""
    digest = hashlib.sha256()
    for part in (
        _boot(),
        os.uname(),
        os.geteuid(),
        sys.version,
        sys.executable,
        sys.prefix,
        str(CANARY.resolve()),
        os.environ.get(WITHOUT, ""),
        _stamp(bubblewrap.found()),
        *(path.read_bytes() for path in sorted(CANARY.parent.glob("*.py"))),
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
