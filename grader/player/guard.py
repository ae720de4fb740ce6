"""What a submission tries that walls are there to stop, as Python itself reports it.

It is told so that a learner who reached for a file or a server knows why it failed. It
stops nothing, and a submission can get around it: the walls are elsewhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path, PurePath
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LOCAL = 1
"""The family of sockets that never leave the machine; loops have a pair of them."""

_STARTING = {
    "os.fork": "starts a process",
    "os.forkpty": "starts a process",
    "os.exec": "starts a program",
    "os.posix_spawn": "starts a program",
    "os.system": "starts a program",
    "subprocess.Popen": "starts a program",
}

_LOOKING_UP = {
    "socket.getaddrinfo": "looks for a computer on the network",
    "socket.gethostbyname": "looks for a computer on the network",
}

_CHANGING = {
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.utime",
}

_listener: Callable[[str], None] | None = None
_allow: Collection[str] = ()
_own = ""
_own_folders = tuple({sys.prefix, sys.base_prefix, "/dev/", "/usr/lib"})


def listen(listener: Callable[[str], None] | None, allow: Collection[str] = ()) -> None:
    """Tell `listener` from now on, in words that follow "line 3".

    Nothing is told of what is allowed: "processes", or "files" in the current folder.
    """
    global _listener, _allow, _own  # noqa: PLW0603
    if "files" in allow and not _own:
        # Only once: it takes long in a deep folder, and fails in one that is gone.
        _own = str(Path.cwd())
    _listener = listener
    _allow = allow


def install() -> None:
    """Begin to hear what Python reports; there is no way to stop it."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _listener is None:
        return
    what = _LOOKING_UP.get(event)
    if event in _STARTING and "processes" not in _allow:
        what = _STARTING[event]
    elif event in _CHANGING and not all(map(_is_own, arguments)):
        what = "changes files"
    elif event in _JUDGED:
        what = _JUDGED[event](*arguments)
    if what is not None:
        _listener(what)


def _of_open(path: Any, _: Any, flags: Any) -> str | None:
    if type(path) is not str or path.startswith(_own_folders) or _is_own(path):
        return None
    return "writes a file" if flags & _WRITING else "reads a file"


def _is_own(path: Any) -> bool:
    """Say whether something names no file, or one in the folder it is allowed."""
    if not isinstance(path, str | bytes | PurePath):
        return True
    if "files" not in _allow:
        return False
    inside = os.path.normpath(Path(_own, os.fsdecode(path)))
    return inside.startswith(_own)


def _of_socket(_: Any, family: Any, *__: Any) -> str | None:
    return None if family == _LOCAL else "uses the network"


def _of_kill(pid: Any, _: Any) -> str | None:
    if pid == os.getpid() or "processes" in _allow:
        return None
    return "sends a signal to another process"


_JUDGED: dict[str, Callable[..., str | None]] = {
    "open": _of_open,
    "socket.__new__": _of_socket,
    "os.kill": _of_kill,
}
