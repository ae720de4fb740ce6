"""What a submission tries that walls are there to stop, as Python itself reports it.

It is told so that a learner who reached for a file or a server knows why it failed. It
stops nothing, and a submission can get around it: the walls are elsewhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LOCAL = 1
"""The family of sockets that never leave the machine; loops have a pair of them."""

_EVENTS = {
    "os.fork": "starts a process",
    "os.forkpty": "starts a process",
    "os.exec": "starts a program",
    "os.posix_spawn": "starts a program",
    "os.system": "starts a program",
    "subprocess.Popen": "starts a program",
    "socket.getaddrinfo": "looks for a computer on the network",
    "socket.gethostbyname": "looks for a computer on the network",
    "os.remove": "changes files",
    "os.rename": "changes files",
    "os.mkdir": "changes files",
    "os.rmdir": "changes files",
    "os.chmod": "changes files",
    "os.link": "changes files",
    "os.symlink": "changes files",
    "os.truncate": "changes files",
    "os.utime": "changes files",
}

_listener: Callable[[str], None] | None = None
_own_folders = tuple({sys.prefix, sys.base_prefix, "/dev/", "/usr/lib"})


def listen(listener: Callable[[str], None] | None) -> None:
    """Tell `listener` from now on, in words that follow "line 3"."""
    global _listener  # noqa: PLW0603
    _listener = listener


def install() -> None:
    """Begin to hear what Python reports; there is no way to stop it."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _listener is None:
        return
    what = _EVENTS.get(event)
    if what is None and event in _JUDGED:
        what = _JUDGED[event](*arguments)
    if what is not None:
        _listener(what)


def _of_open(path: Any, _: Any, flags: Any) -> str | None:
    if type(path) is not str or path.startswith(_own_folders):
        return None
    return "writes a file" if flags & _WRITING else "reads a file"


def _of_socket(_: Any, family: Any, *__: Any) -> str | None:
    return None if family == _LOCAL else "uses the network"


def _of_kill(pid: Any, _: Any) -> str | None:
    return None if pid == os.getpid() else "sends a signal to another process"


_JUDGED: dict[str, Callable[..., str | None]] = {
    "open": _of_open,
    "socket.__new__": _of_socket,
    "os.kill": _of_kill,
}
