"""The bytes that judge and zygote exchange over the control socket."""

from __future__ import annotations

import socket
import struct

import msgspec

REQUEST = struct.Struct(">ci")
"""A verb and a pid: `S` start a player on the attached socket, `K` kill and reap one, `B`
let a fork of the zygote take requests from the attached socket, as this one does."""

REPLY = struct.Struct(">i")
"""The pid of a started player, or the wait status of an ended one; to `B`, 0.

With the first comes a descriptor of that process, where the system has such: what number
the player has outside of its namespace only the kernel can say. Before the first reply
comes a 0 with a descriptor of the folder that may be written to, if there is one.
"""

NO_PLAYER = -1
"""Stands for the pid of a player that could not be started."""

_SIZE = struct.Struct(">I")


class Setup(msgspec.Struct, frozen=True):
    """Behind which walls a zygote and its players run; the first thing that it is told.

    `readable` are the only files for Landlock to leave; None is no Landlock. `program` is
    the compiled seccomp filter, or nothing. `uid` is the user to become, or 0. `folder` is
    where a submission may write, or nothing. `processes` says whether it may start some,
    `most` how many of them and of threads there may be at once, where 0 is any number, and
    `own_memory` whether shared memory is the sandbox's own.
    `libraries` are modules that are imported before anything else.
    """

    unbounded: bool = False
    readable: list[str] | None = None
    program: bytes = b""
    uid: int = 0
    folder: str = ""
    processes: bool = False
    most: int = 0
    own_memory: bool = False
    libraries: tuple[str, ...] = ()


def send_setup(control: socket.socket, setup: Setup) -> None:
    """Tell a zygote its walls."""
    body = msgspec.msgpack.encode(setup)
    control.sendall(_SIZE.pack(len(body)) + body)


def receive_setup(control: socket.socket) -> Setup:
    """Return what the judge sent."""
    (size,) = _SIZE.unpack(_exactly(control, _SIZE.size))
    return msgspec.msgpack.decode(_exactly(control, size), type=Setup)


def _exactly(control: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = control.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data
