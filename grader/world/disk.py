"""How long the use of files takes; the files themselves are real."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.world.rules import Failing, Plan, after
from grader.world.service import Service

if TYPE_CHECKING:
    from grader.world.record import Operation

_KINDS = {errno.ENOENT: "FileNotFoundError"}
_AS_FAST: Mapping[str, float] = MappingProxyType({})
_VERBS = frozenset(
    {"open", "read", "write", "sync", "close", "replace", "link", "remove"}
)


def spoken(call: Operation) -> tuple[str, list[object]]:
    """Return name and arguments of a call as a learner would write them."""
    name = call.name.removeprefix("disk.")
    if name == call.name:
        return name, call.args
    return name, call.args[: 2 if name in {"replace", "link"} else 1]


class Disk(Service):
    """A disk, given to a test as `disk=Disk(...)`; every use of a file asks it first.

    A file stays open from `disk.open` to the `disk.close` of the same handle. Seconds are
    for each use: of the path that `slow` names it takes as many times longer. A path in
    `missing` cannot be opened to read, what is in `unreadable` cannot be read. Folders in
    `mounts` are file systems of their own, across which no file gets another name. A
    disk that is `full` takes nothing more, and on one that is `read_only` no file can be
    opened to write.
    """

    SYNCHRONOUS = _VERBS

    def __init__(  # noqa: PLR0913
        self,
        *,
        opens: float = 0.1,
        reads: float = 0.1,
        writes: float = 0.1,
        replaces: float = 0.1,
        slow: Mapping[str, float] = _AS_FAST,
        missing: Collection[str] = (),
        unreadable: Collection[str] = (),
        mounts: Collection[str] = (),
        full: bool = False,
        read_only: bool = False,
    ) -> None:
        super().__init__()
        self._seconds = {
            "open": opens,
            "read": reads,
            "write": writes,
            "sync": writes,
            "replace": replaces,
        }
        self._slow = dict(slow)
        self._missing = frozenset(missing)
        self._unreadable = frozenset(unreadable)
        self._mounts = frozenset(mounts)
        self._full = full
        self._read_only = read_only

    def open(self, call: Operation) -> Plan:
        """Begin to open a path, as a handle of that number, in a mode: "r" or "w"."""
        path, _, mode = call.args
        error = 0
        if mode == "r" and path in self._missing:
            error = errno.ENOENT
        elif mode != "r" and self._read_only:
            error = errno.EROFS
        return self._takes("open", call, error)

    def read(self, call: Operation) -> Plan:
        """Read from a path by a handle."""
        bad = call.args[0] in self._unreadable
        return self._takes("read", call, errno.EIO if bad else 0)

    def write(self, call: Operation) -> Plan:
        """Write to a path, by a handle if there is one."""
        return self._takes("write", call, errno.ENOSPC if self._full else 0)

    def sync(self, call: Operation) -> Plan:
        """Wait until all that was written by a handle of a path is on the disk."""
        return self._takes("sync", call)

    def close(self, _: Operation) -> Plan:
        """Close a handle of a path: it takes no time."""
        return after(0, gives=None)

    def replace(self, call: Operation) -> Plan:
        """Give a file another name."""
        return self._takes("replace", call, self._across(call))

    def link(self, call: Operation) -> Plan:
        """Give a file one more name."""
        return self._takes("replace", call, self._across(call))

    def remove(self, _: Operation) -> Plan:
        """Remove a file: it takes no time."""
        return after(0, gives=None)

    def _takes(self, verb: str, call: Operation, error: int = 0) -> Plan:
        fails = Failing(_KINDS.get(error, "OSError"), os.strerror(error))
        seconds = self._seconds[verb] * self._slow.get(call.args[0], 1)
        return after(seconds, gives=None, fails=fails if error else None)

    def _across(self, call: Operation) -> int:
        """Return the error of a new name in another file system."""
        systems = {self._system(path) for path in call.args[:2]}
        return errno.EXDEV if len(systems) > 1 else 0

    def _system(self, path: str) -> str:
        if path.startswith(".."):
            return ".."
        folder = path.partition("/")[0]
        return folder if folder in self._mounts and "/" in path else ""
