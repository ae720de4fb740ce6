"""What walls can be had here, and what each level promises."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from grader.sandbox import bubblewrap, landlock, seccomp
from grader.sandbox.capabilities import FOLDER, MAX_PROCESSES, Capability
from grader.sandbox.protocol import Setup

Level = Literal["strong", "confined", "process", "none"]

LEVELS: tuple[Level, ...] = ("strong", "confined", "process")
"""From the highest to the lowest; `none` is not a level that anybody reaches for."""

UNWALLED: tuple[Level, ...] = ("process", "none")
"""The levels that need nothing but processes."""

OFFICIAL = {"strong", "confined"}
"""The levels behind which a result may count."""

WITHOUT = "KATA_WITHOUT"
"""The environment variable that names layers to do without, so that levels can be tried."""

ATTEMPTS = {
    "read": "read a file that is not its own",
    "list": "list a folder that is not its own",
    "stat": "find out that a file is there",
    "write": "make a file",
    "change": "change a file",
    "connect": "reach a server by TCP",
    "send": "send a packet by UDP",
    "call": "reach a program by its socket",
    "signal": "send the grader a signal",
    "peek": "read the grader's memory",
    "processes": "see what else runs",
    "memory": "take 2 GiB of memory",
    "fork": "start a process",
    "execute": "become another program",
    "program": "run a program that is not Python",
    "namespace": "make itself root of a namespace",
}
"""What each attempt of the canary is, in words."""

_CONFINED = frozenset(
    {"read", "list", "write", "change", "connect", "send", "call", "signal", "peek"}
    | {"memory", "fork", "execute", "program", "namespace"}
)
PROMISES: dict[str, frozenset[str]] = {
    "strong": _CONFINED | {"stat", "processes"},
    "confined": _CONFINED,
    "process": frozenset(),
}
"""What a canary must fail at for a level to be reached."""

GRANTED: dict[Capability, frozenset[str]] = {
    "files": frozenset(),
    "processes": frozenset({"fork", "execute"}),
    "threads": frozenset(),
}
"""What a kata that is allowed so much may do after all."""

_FIRST_UID, _UIDS = 61_184, 4_000
"""Numbers that no account has: the first ones that systemd sets aside for passing users."""


@dataclass(frozen=True)
class Layer:
    """A means of isolation; what it lacks here, and what adds it, or nothing."""

    name: str
    lacks: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Walls:
    """How to start a sandbox: what comes before its command, what it is told.

    `allow` is what its submissions may do beyond computing.
    """

    level: Level = "process"
    layers: tuple[str, ...] = ("process", "rlimits")
    prefix: tuple[str, ...] = ()
    setup: Setup = field(default_factory=Setup)
    allow: tuple[Capability, ...] = ()

    @property
    def has_own_files(self) -> bool:
        """Whether the sandbox has a file system that nobody else sees."""
        return bool(self.prefix)


def layers() -> list[Layer]:
    """Return every layer, with what it lacks here."""
    left_out = os.environ.get(WITHOUT, "").replace(",", " ").split()
    return [
        Layer(name, f"left out by {WITHOUT}") if name in left_out else look()
        for name, look in _LAYERS.items()
    ]


def promises(level: Level, allow: Collection[Capability]) -> frozenset[str]:
    """Return what no submission can do behind walls of that level."""
    return PROMISES[level].difference(*(GRANTED[each] for each in allow))


def walls(level: Level, allow: Collection[Capability] = ()) -> Walls:
    """Return the walls that are meant to reach a level, of the layers that are there."""
    if level in UNWALLED:
        return unwalled(level, allow)
    there = {layer.name for layer in layers() if not layer.lacks}
    if level == "confined":
        there.discard("bubblewrap")
    return _built(level, there, tuple(sorted(allow)))


def unwalled(level: Level, allow: Collection[Capability] = ()) -> Walls:
    """Return the walls of the levels that need no layer."""
    setup = Setup(unbounded=level == "none", processes="processes" in allow)
    layers = () if level == "none" else ("process", "rlimits")
    return Walls(level, layers, (), setup, tuple(sorted(allow)))


def _built(level: Level, there: set[str], allow: tuple[Capability, ...]) -> Walls:
    readable = bubblewrap.interpreter()
    root = os.geteuid() == 0
    wrapped = bubblewrap.found() if "bubblewrap" in there else None
    uid = passing_uid() if root and (wrapped or _all_may_read(readable)) else 0
    processes = "processes" in allow
    setup = Setup(
        readable=readable if "landlock" in there else None,
        program=seccomp.compiled(processes=processes) if "seccomp" in there else b"",
        uid=uid,
        folder=FOLDER if wrapped and "files" in allow else "",
        processes=processes,
        # Elsewhere, what others run under the same user would be counted too.
        most=MAX_PROCESSES if processes and (wrapped or uid) else 0,
        own_memory=processes and wrapped is not None,
    )
    used = [name for name in _LAYERS if name in there]
    names = ["process", "rlimits", *used, *(["uid"] if uid else [])]
    prefix = bubblewrap.command(wrapped, readable, allow, root=root) if wrapped else []
    return Walls(level, tuple(names), tuple(prefix), setup, allow)


def passing_uid() -> int:
    """Return the number of a user that does not exist, another one for each process."""
    import pwd

    taken = {entry.pw_uid for entry in pwd.getpwall()}
    start = os.getpid()
    tried = (_FIRST_UID + (start + step) % _UIDS for step in range(_UIDS))
    return next(uid for uid in tried if uid not in taken)


def _all_may_read(paths: list[str]) -> bool:
    """Say whether a passing user gets to the interpreter at all."""
    ways = {parent for path in paths for parent in [*Path(path).parents, Path(path)]}
    return all(way.stat().st_mode & 0o001 for way in ways if way.is_dir())


# --- the layers ---------------------------------------------------------------


def _bubblewrap() -> Layer:
    remedy = "sudo apt-get install bubblewrap"
    lacks = "" if bubblewrap.found() else "bwrap is not installed"
    return Layer("bubblewrap", _elsewhere() or lacks, remedy if lacks else "")


def _landlock() -> Layer:
    if elsewhere := _elsewhere():
        return Layer("landlock", elsewhere)
    lacks = "" if landlock.version() else "the kernel has no Landlock"
    remedy = "boot Linux 5.13 or newer with lsm=landlock,…" if lacks else ""
    return Layer("landlock", lacks, remedy)


def _seccomp() -> Layer:
    try:
        import pyseccomp  # type: ignore[import-untyped] # noqa: F401
    except (ImportError, RuntimeError, OSError):
        remedy = "sudo apt-get install libseccomp2"
        return Layer("seccomp", _elsewhere() or "libseccomp is not installed", remedy)
    return Layer("seccomp")


def _elsewhere() -> str:
    return "" if sys.platform == "linux" else "only Linux has it"


_LAYERS = {"bubblewrap": _bubblewrap, "landlock": _landlock, "seccomp": _seccomp}
