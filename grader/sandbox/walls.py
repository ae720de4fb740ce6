"""Put up walls around this process: in the zygote once, then in each player.

Nothing in here decides how high the walls are to be, and nobody takes its word that they
stand: a canary tries them (`grader.sandbox.canary`).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any, ClassVar

from grader.sandbox import landlock, limits, seccomp
from grader.sandbox.protocol import Setup

_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38
_CAPABILITY_VERSION = 0x2008_0522
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


def around_all(setup: Setup) -> None:
    """Put up what a zygote and all its players share."""
    if setup.unbounded or sys.platform != "linux":
        return
    rules = None
    if setup.readable is not None:
        # As long as it may, it opens what its players shall be able to read.
        rules = landlock.ruleset(setup.readable, DEVICES)
    if setup.uid:
        _become(setup.uid)
    _die_with_parent()
    if rules is not None:
        _prctl(_NO_NEW_PRIVILEGES, 1)
        landlock.restrict(rules)


def around_one(setup: Setup) -> None:
    """Put up what is a player's own, before any code of a submission."""
    if setup.unbounded:
        return
    limits.impose()
    if sys.platform != "linux":
        return
    _die_with_parent()
    if setup.program:
        _prctl(_NO_NEW_PRIVILEGES, 1)
        _drop_capabilities()
        seccomp.load(setup.program)


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _die_with_parent() -> None:
    _prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


class _Header(ctypes.Structure):
    _fields_: ClassVar[Any] = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


_libc = ctypes.CDLL(None, use_errno=True)


def _drop_capabilities() -> None:
    """Give up what root may do; who is not root has nothing to give up."""
    header = _Header(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(ctypes.byref(header), ctypes.byref(nothing)))


def _prctl(option: int, value: int) -> None:
    _checked(_libc.prctl(option, value, 0, 0, 0))


def _checked(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
