"""How long the use of files takes; the files themselves are real."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.world.rules import Plan, after
from grader.world.service import Service

if TYPE_CHECKING:
    from grader.world.record import Operation


class Disk(Service):
    """A disk, given to a test as `disk=Disk(...)`; every use of a file asks it first.

    A file stays open from `disk.open` to the `disk.close` of the same handle. Seconds are
    for each use: of the path that `slow` names it takes as many times longer.
    """

    SYNCHRONOUS = frozenset({"open", "read", "write", "close", "replace", "remove"})

    def __init__(
        self,
        *,
        opens: float = 0.1,
        reads: float = 0.1,
        writes: float = 0.1,
        replaces: float = 0.1,
        slow: dict[str, float] | None = None,
    ) -> None:
        super().__init__()
        self._seconds = {"open": opens, "read": reads, "write": writes}
        self._replaces = replaces
        self._slow = slow or {}
        self._open: dict[int, str] = {}
        self.peak = 0

    def open(self, call: Operation) -> Plan:
        """Begin to open `path` in a mode, as a handle of that number."""
        path, _, handle = call.args
        self._open[handle] = path
        self.peak = max(self.peak, len(self._open))
        return self._takes("open", path)

    def read(self, call: Operation) -> Plan:
        """Read from a handle of a path."""
        return self._takes("read", call.args[1])

    def write(self, call: Operation) -> Plan:
        """Write to a handle of a path."""
        return self._takes("write", call.args[1])

    def close(self, call: Operation) -> Plan:
        """Close a handle of a path: it takes no time."""
        self._open.pop(call.args[0], None)
        return after(0, gives=None)

    def replace(self, call: Operation) -> Plan:
        """Give a file another name."""
        return after(self._replaces * self._slow.get(call.args[0], 1), gives=None)

    def remove(self, call: Operation) -> Plan:
        """Remove a file: it takes no time."""
        _ = call
        return after(0, gives=None)

    def _takes(self, verb: str, path: str) -> Plan:
        return after(self._seconds[verb] * self._slow.get(path, 1), gives=None)
