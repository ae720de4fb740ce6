"""Put up walls around this process: in the zygote once, then in each player.

Nothing in here decides how high the walls are to be, and nobody takes its word that they
stand: a canary tries them (`grader.sandbox.canary`).
"""

from __future__ import annotations

import ctypes
import glob
import os
import signal
import sys
from typing import Any, ClassVar

from grader.sandbox import landlock, limits, seccomp
from grader.sandbox.capabilities import SHARED_MEMORY
from grader.sandbox.protocol import Setup

_PARENT_DEATH_SIGNAL, _CHILD_SUBREAPER, _NO_NEW_PRIVILEGES = 1, 36, 38
_CAPABILITY_VERSION = 0x2008_0522
_LOADERS = ("/lib*/ld-*.so*", "/lib/*/ld-*.so*")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


def around_all(setup: Setup) -> None:
    """Put up what a zygote and all its players share."""
    if setup.unbounded or sys.platform != "linux":
        return
    rules = None
    if setup.readable is not None:
        # As long as it may, it opens what its players shall be able to read.
        rules = landlock.ruleset(
            setup.readable, _writable(setup), programs() if setup.processes else ()
        )
    if setup.uid:
        _become(setup.uid)
    _be_answerable()
    if rules is not None:
        _prctl(_NO_NEW_PRIVILEGES, 1)
        landlock.restrict(rules)


def around_branch(setup: Setup, parent: int) -> None:
    """Put up what a fork of a zygote does not inherit of its walls."""
    if not setup.unbounded and sys.platform == "linux":
        _be_answerable(parent)


def around_one(setup: Setup, parent: int) -> None:
    """Put up what is a player's own, before any code of a submission."""
    if setup.folder:
        os.chdir(setup.folder)
    if setup.unbounded:
        return
    limits.impose(setup.most, processes=setup.processes)
    if sys.platform != "linux":
        return
    die_with_parent(parent)
    if setup.processes and setup.readable is not None:
        landlock.keep_to_itself()
    if setup.program:
        _prctl(_NO_NEW_PRIVILEGES, 1)
        _drop_capabilities()
        seccomp.load(setup.program)


def programs() -> list[str]:
    """Return the only files that may be run: this interpreter and what loads it."""
    loaders = (each for where in _LOADERS for each in glob.glob(where))  # noqa: PTH207
    return [os.path.realpath(path) for path in (sys.executable, *loaders)]


def _writable(setup: Setup) -> list[str]:
    shared = [SHARED_MEMORY] if setup.processes else []
    return [*DEVICES, *shared, *([setup.folder] if setup.folder else [])]


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _be_answerable(parent: int | None = None) -> None:
    """End with who forked this process, and become the parent of what players leave."""
    die_with_parent(parent)
    _prctl(_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int | None = None) -> None:
    """Have the system kill this process when the thread that forked it ends.

    If it is known which process that is, and it has ended by now, this one does at once.
    """
    _prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if parent not in {None, os.getppid()}:
        os._exit(0)


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
