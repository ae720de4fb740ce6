"""Which files may this process, and all that come from it, still reach?

Landlock lets a process restrict itself; see landlock(7) and the kernel's
Documentation/userspace-api/landlock.rst. There is no wrapper in libc, so the three
system calls, whose numbers are the same everywhere, are made through ctypes.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_RIGHTS = {1: 0, 4: 3}
_SCOPES_SINCE = 6
_SCOPES = {1: 0, _SCOPES_SINCE: 3}

_libc = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_: ClassVar[Any] = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_: ClassVar[Any] = [
        ("allowed_access", ctypes.c_uint64),
        ("parent_fd", ctypes.c_int32),
    ]


def version() -> int:
    """Return which version of Landlock the kernel has; 0 for none."""
    answer = _libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    return max(0, int(answer))


def ruleset(
    readable: Iterable[str],
    writable: Iterable[str] = (),
    executable: Iterable[str] = (),
) -> int:
    """Return the descriptor of rules that allow these files and folders, no others.

    What is executable is so as a program: a library need only be readable. Connecting by TCP, and to sockets and processes outside, is denied where the kernel
    knows how. Raises `OSError` where it does not know Landlock.
    """
    abi = version()
    rights = _of_version(_FILE_RIGHTS, abi)
    wanted = _Ruleset(rights, _of_version(_NET_RIGHTS, abi), _of_version(_SCOPES, abi))
    size = 8 if abi < 4 else 16 if abi < 6 else 24  # noqa: PLR2004
    rules = _checked(_libc.syscall(_CREATE_RULESET, ctypes.byref(wanted), size, 0))
    for path in readable:
        _allow(rules, path, _READ_FILE | _READ_DIR)
    for path in executable:
        _allow(rules, path, _EXECUTE)
    for path in writable:
        _allow(rules, path, rights & ~_EXECUTE)
    return rules


def keep_to_itself() -> None:
    """Let this process, and all that come from it, signal nobody but each other.

    Does nothing where the kernel cannot; it must have given up new privileges.
    """
    if version() >= _SCOPES_SINCE:
        wanted = _Ruleset(0, 0, _SCOPES[_SCOPES_SINCE])
        size = ctypes.sizeof(wanted)
        restrict(
            _checked(_libc.syscall(_CREATE_RULESET, ctypes.byref(wanted), size, 0))
        )


def restrict(rules: int) -> None:
    """Hold this process to the rules; it must have given up new privileges."""
    _checked(_libc.syscall(_RESTRICT_SELF, rules, 0))
    os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    if not Path(path).exists():
        return
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_FILES
        beneath = _PathBeneath(rights, opened)
        _checked(
            _libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(beneath), 0)
        )
    finally:
        os.close(opened)


def _of_version(table: dict[int, int], abi: int) -> int:
    return table[max(since for since in table if since <= max(1, abi))]


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return answer
