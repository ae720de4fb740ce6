"""Which system calls may a submission not make?

A list of what is denied, not of what is allowed: it survives a new libc or Python.
What files can be reached is not decided here; a filter sees no paths.

The judge compiles the filter once, with libseccomp; each player loads it into itself.
A process may signal itself and nobody else, so its number is filled in at that time. One
that may start others may signal them; whom else, is for namespaces and Landlock to say.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import Any, ClassVar

_OWN_PID = 0x7B5A_11ED
"""Stands for the process's own number in a compiled filter."""

_CLONE_THREAD = 0x10000
_TIOCSTI = 0x5412
_OF_DESCRIPTORS = [
    ("ioctl", _TIOCSTI),
    # Whom the kernel sends which signal when a descriptor is ready: F_SETOWN, F_SETSIG,
    # F_SETOWN_EX, FIOSETOWN, SIOCSPGRP.
    ("fcntl", 8),
    ("fcntl", 10),
    ("fcntl", 15),
    ("ioctl", 0x8901),
    ("ioctl", 0x8902),
]
_NAMESPACES = (1 << 17, *(1 << bit for bit in range(25, 31)))

_DENIED = [
    "accept",
    "accept4",
    "bind",
    "connect",
    "listen",
    "socket",
    "fork",
    "vfork",
    "execve",
    "execveat",
    "tkill",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "pidfd_send_signal",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "pidfd_open",
    "pidfd_getfd",
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
    "setpriority",
    "ioprio_set",
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "fchown",
    "fchownat",
    "lchown",
    "utime",
    "utimes",
    "utimensat",
    "futimesat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    "inotify_init",
    "inotify_init1",
    "fanotify_init",
    "fanotify_mark",
    "memfd_create",
    "memfd_secret",
    "shmget",
    "shmat",
    "shmctl",
    "msgget",
    "msgsnd",
    "msgrcv",
    "msgctl",
    "semget",
    "semop",
    "semctl",
    "semtimedop",
    "mq_open",
    "mq_unlink",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "name_to_handle_at",
    "open_by_handle_at",
    "quotactl",
    "quotactl_fd",
    "acct",
    "swapon",
    "swapoff",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "sethostname",
    "setdomainname",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "personality",
    "syslog",
    "lookup_dcookie",
    "nfsservctl",
    "vhangup",
    "iopl",
    "ioperm",
    "setpgid",
    "setsid",
]

_STARTING = {"fork", "vfork", "execve", "execveat", "pidfd_open"}
"""What a kata that is allowed processes may do."""


def compiled(*, processes: bool = False) -> bytes:
    """Return the filter as a BPF program.

    Raises `ImportError` or `RuntimeError` where libseccomp is missing.
    """
    import pyseccomp as libseccomp  # type: ignore[import-untyped]

    rules = libseccomp.SyscallFilter(libseccomp.ALLOW)
    denied = libseccomp.ERRNO(errno.EPERM)
    for name in _DENIED:
        if not (processes and name in _STARTING) and _exists(libseccomp, name):
            rules.add_rule(denied, name)
    if not processes:
        own = [libseccomp.Arg(0, libseccomp.NE, _OWN_PID)]
        for name in ("kill", "tgkill"):
            rules.add_rule(denied, name, *own)
    rules.add_rule(denied, "prlimit64", libseccomp.Arg(0, libseccomp.NE, 0))
    for name, number in _OF_DESCRIPTORS:
        asked = libseccomp.Arg(1, libseccomp.MASKED_EQ, 0xFFFF_FFFF, number)
        rules.add_rule(denied, name, asked)
    if not processes:
        threads_only = libseccomp.Arg(0, libseccomp.MASKED_EQ, _CLONE_THREAD, 0)
        rules.add_rule(denied, "clone", threads_only)
    for flag in _NAMESPACES:
        rules.add_rule(
            denied, "clone", libseccomp.Arg(0, libseccomp.MASKED_EQ, flag, flag)
        )
    # Its flags stand in memory, which a filter cannot read: libc then uses `clone`.
    rules.add_rule(libseccomp.ERRNO(errno.ENOSYS), "clone3")
    return _exported(rules)


def _exists(libseccomp: object, name: str) -> bool:
    try:
        resolve = libseccomp.resolve_syscall  # type: ignore[attr-defined]
        arch = libseccomp.system_arch()  # type: ignore[attr-defined]
        return bool(resolve(arch, name) >= 0)
    except (ValueError, OSError):
        return False


def _exported(rules: object) -> bytes:
    with os.fdopen(os.memfd_create("filter"), "rb+") as file:
        rules.export_bpf(file)  # type: ignore[attr-defined]
        file.seek(0)
        return file.read()


# --- in the player ------------------------------------------------------------

_SET_SECCOMP, _FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_: ClassVar[Any] = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


_libc = ctypes.CDLL(None, use_errno=True)


def load(program: bytes) -> None:
    """Hold this process to a compiled filter; it must have given up new privileges."""
    own = program.replace(_packed(_OWN_PID), _packed(os.getpid()))
    wanted = _Program(len(own) // 8, own)
    if _libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(wanted), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _packed(number: int) -> bytes:
    return number.to_bytes(4, sys.byteorder)
