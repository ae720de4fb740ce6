"""Fork players from warm imports; never import a submission.

Run as `python -m grader.sandbox.zygote FD`, where FD is the control socket. What is
said over it stands in `grader.sandbox.protocol`.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

from grader.player import threads

threads.install()

from grader.player import census, clock, dates, guard, loop, machine, main, stage  # noqa: E402
from grader.sandbox import walls  # noqa: E402
from grader.sandbox.protocol import (  # noqa: E402
    NO_PLAYER,
    REPLY,
    REQUEST,
    Setup,
    receive_setup,
)

NO_WALLS = 71
"""The exit code of a player whose walls could not be put up."""


def serve(control: socket.socket, setup: Setup) -> None:
    """Answer requests until the judge hangs up."""
    children: set[int] = set()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, REQUEST.size, 1)
        if len(data) < REQUEST.size:
            break
        verb, pid = REQUEST.unpack(data)
        if verb == b"S":
            answer = _start(control, descriptors[0], setup)
            children.add(answer)
            _tell(control, answer)
        else:
            answer = _end(pid) if pid in children else -1
            control.sendall(REPLY.pack(answer))
        children -= {pid, NO_PLAYER}
    for child in children:
        _end(child)


def _start(control: socket.socket, descriptor: int, setup: Setup) -> int:
    try:
        pid = os.fork()
    except OSError:
        pid = NO_PLAYER
    if not setup.unbounded and pid != NO_PLAYER:
        _put_apart(pid)
    if pid == 0:
        control.close()
        _play(socket.socket(fileno=descriptor), setup)
    os.close(descriptor)
    return pid


def _play(sock: socket.socket, setup: Setup) -> NoReturn:
    try:
        walls.around_one(setup)
    except BaseException:  # noqa: BLE001
        # Without its walls it must not run anything.
        os._exit(NO_WALLS)
    main.main(sock)


def _tell(control: socket.socket, pid: int) -> None:
    """Tell the judge about a player, with a descriptor of it where there are such."""
    try:
        descriptors = [os.pidfd_open(pid)]
    except (AttributeError, OSError):
        descriptors = []
    socket.send_fds(control, [REPLY.pack(pid)], descriptors)
    for each in descriptors:
        os.close(each)


def _put_apart(pid: int) -> None:
    """Give a player a process group, so that what it forks is ended with it."""
    # Both sides do it: neither knows which of them runs first.
    with suppress(OSError):
        os.setpgid(pid, 0)


def _end(pid: int) -> int:
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return status


def run() -> NoReturn:
    """Warm up and serve."""
    clock.install()
    dates.install()
    machine.install()
    loop.install()
    census.install()
    stage.install()
    guard.install()
    control = socket.socket(fileno=int(sys.argv[1]))
    setup = receive_setup(control)
    if not setup.unbounded:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    try:
        walls.around_all(setup)
        serve(control, setup)
    finally:
        os._exit(0)


if __name__ == "__main__":
    run()
