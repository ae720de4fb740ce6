"""A submission that tries what no submission may do, and tells what it could.

It is played behind the walls like any other; what it could not do is what they promise.
Nothing outside is harmed by what succeeds: the judge made all that is touched here.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_NEW_USER_NAMESPACE = 0x1000_0000
_NOTHING_RUN = 99


def attempts(**given: Any) -> dict[str, bool]:
    """Return for each attempt whether it succeeded; some end what the player may do."""
    return {name: _succeeds(attempt, given) for name, attempt in ATTEMPTS.items()}


def _succeeds(attempt: Callable[..., object], given: dict[str, Any]) -> bool:
    try:
        attempt(**given)
    except (OSError, MemoryError):
        return False
    return True


def _read(secret: str, **_: Any) -> None:
    os.close(os.open(secret, os.O_RDONLY))


def _list(folder: str, **_: Any) -> None:
    os.listdir(folder)


def _stat(secret: str, **_: Any) -> None:
    os.stat(secret)


def _write(places: list[str], **_: Any) -> None:
    for place in places:
        path = os.path.join(place, f"canary-{os.getpid()}")
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL))
            os.unlink(path)
        except OSError:
            continue
        return
    raise PermissionError


def _change(secret: str, **_: Any) -> None:
    os.utime(secret)


def _connect(port: int, **_: Any) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(2)
        sock.connect(("127.0.0.1", port))


def _send(port: int, **_: Any) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"canary", ("127.0.0.1", port))


def _call_neighbour(name: str, **_: Any) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.connect("\0" + name)


def _fork(**_: Any) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _execute(**_: Any) -> None:
    try:
        os.execv("/nowhere/at/all", ["nothing"])
    except FileNotFoundError:
        return


def _run_program(**_: Any) -> None:
    pid = os.fork()
    if pid == 0:
        for program in ("/bin/true", "/usr/bin/true", "/bin/sh", "/usr/bin/env"):
            with suppress(OSError):
                os.execv(program, [program])
        os._exit(_NOTHING_RUN)
    status = os.waitpid(pid, 0)[1]
    if os.waitstatus_to_exitcode(status) == _NOTHING_RUN:
        raise PermissionError


def _signal(judge: int, **_: Any) -> None:
    if os.getppid() == 1:
        # In here that number is somebody else's, or nobody's.
        raise PermissionError
    try:
        os.kill(judge, 0)
    except OSError:
        _have_it_signalled(judge)


def _have_it_signalled(pid: int) -> None:
    """Make a process the one that the kernel tells of a pipe, by a signal of one's choice."""
    reader, writer = os.pipe()
    try:
        fcntl.fcntl(reader, fcntl.F_SETOWN, pid)
    finally:
        os.close(reader)
        os.close(writer)


def _peek(judge: int, **_: Any) -> None:
    try:
        os.close(os.open(f"/proc/{judge}/mem", os.O_RDONLY))
    except OSError:
        _read_memory(judge)


def _read_memory(judge: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    piece = (ctypes.c_void_p * 2)(1, 1)
    libc.process_vm_readv(judge, ctypes.byref(piece), 1, ctypes.byref(piece), 1, 0)
    # It was let in if all it complains of is the address.
    if ctypes.get_errno() != errno.EFAULT:
        raise OSError


def _change_namespace(**_: Any) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER_NAMESPACE) != 0:
        raise OSError


def _see_processes(**_: Any) -> None:
    os.listdir("/proc/self")


def _grow(**_: Any) -> None:
    bytes(2 << 30)


ATTEMPTS: dict[str, Callable[..., object]] = {
    "read": _read,
    "list": _list,
    "stat": _stat,
    "write": _write,
    "change": _change,
    "connect": _connect,
    "send": _send,
    "call": _call_neighbour,
    "signal": _signal,
    "peek": _peek,
    "processes": _see_processes,
    "memory": _grow,
    "fork": _fork,
    "execute": _execute,
    "program": _run_program,
    "namespace": _change_namespace,
}
"""By name; the last ones change what the process is, so they come last."""
