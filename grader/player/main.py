"""The player's main loop: take in a submission, run what the judge asks for."""

from __future__ import annotations

import os
import signal
import socket
from gc import collect, disable, freeze
from sys import _current_frames
from types import FrameType
from typing import Any, NoReturn

from grader import wire
from grader.player import clock, disk, network, outside, tasks, threads
from grader.player.imprint import Imprint
from grader.player.lines import Lines
from grader.player.load import Submission, Unloadable
from grader.player.stage import Stage

COLLECT_EVERY = 50
IMPORT_SECONDS = 2.0
"""Processor time for executing a submission: it may import what is slow to import."""

MAX_CODE = wire.MAX_FRAME // 4
"""Bytes of code that are sent: more is compiled again by each player."""

UNWIND_SECONDS = 0.25
"""Processor time for putting a run away that is over."""

_NO_PLAY = wire.Play("", {}, [], 0, [], collect=False)
_set_timer = signal.setitimer


class Player:
    """Serves one judge until it hangs up."""

    def __init__(self, sock: socket.socket, imprint: Imprint) -> None:
        self._channel: wire.Channel[wire.FromJudge] = wire.Channel(
            sock, wire.from_judge, most=wire.MAX_ORDER
        )
        self._load: wire.Load | None = None
        self._submission: Submission | None = None
        self._stage: Stage | None = None
        self._imprint = imprint
        self._imprint.renew()
        self._runs = 0

    def serve(self) -> None:
        """Answer messages; return when the judge hangs up or this player is spent."""
        freeze()
        os.register_at_fork(after_in_child=self._leave_to_parent)
        while True:
            disable()
            signal.signal(signal.SIGPROF, self._on_runaway)
            try:
                message = self._channel.receive()
            except wire.Disconnected:
                return
            if isinstance(message, wire.Load):
                self._channel.send(self._take_in(message))
            elif isinstance(message, wire.Check):
                self._channel.send(wire.Loaded(self._enter(_NO_PLAY).check()))
                return
            elif isinstance(message, wire.Play) and self._run(message):
                return

    def _take_in(self, load: wire.Load) -> wire.Loaded:
        self._load = load
        self._allow(load.cpu_seconds)
        try:
            self._submission = Submission(load, Lines(load.filename))
        except Unloadable as error:
            return wire.Loaded(error.problem)
        code = self._submission.code
        fits = len(code.submission) + len(code.scenarios) <= MAX_CODE
        return wire.Loaded(None, code if load.wants_code and fits else None)

    def _enter(self, play: wire.Play) -> Stage:
        if self._load is None or self._submission is None:
            raise RuntimeError("nothing was loaded")
        self._allow(max(IMPORT_SECONDS, self._load.cpu_seconds))
        stage = Stage(self._channel, self._load, self._submission, play, self._on_phase)
        self._stage = stage
        return stage

    def _run(self, play: wire.Play) -> bool:
        stage = self._enter(play)
        ended = stage.perform(self._imprint)
        self._allow(0)
        self._channel.send(ended)
        self._runs += 1
        if self._runs % COLLECT_EVERY == 0:
            collect()
        return ended.spent

    # --- processor time -------------------------------------------------------

    def _on_phase(self, phase: str) -> None:
        if phase == "over":
            self._allow(UNWIND_SECONDS)
        elif self._load is not None:
            self._allow(self._load.cpu_seconds)

    def _allow(self, seconds: float) -> None:
        if self._load is not None and self._load.unbounded:
            # A debugger must be free to stop it for as long as it likes.
            return
        _set_timer(signal.ITIMER_PROF, seconds)

    def _on_runaway(self, _: int, frame: FrameType | None) -> None:
        self._channel.send(self._last_word(frame))
        os._exit(1)

    def _last_word(self, frame: FrameType | None) -> wire.FromPlayer:
        stage = self._stage
        if self._load is None or stage is None:
            return wire.Runaway([])
        kernel = stage.kernel
        if kernel.over:
            # All that counts has been seen; only its unwinding does not end.
            return stage.ended(spent=True)
        if kernel.running is not kernel.main:
            frame = _current_frames().get(kernel.running.ident)
        return wire.Runaway(Lines(self._load.filename).stack_of(frame))

    # --- processes ------------------------------------------------------------

    def _leave_to_parent(self) -> None:
        """Give a forked child the real clock, and take the wire from it."""
        self._channel.socket.close()
        for module in (clock, outside, tasks, threads):
            module.use_kernel(None)
        network.use_network(None)
        disk.use_stage(None, [])


def main(sock: socket.socket, imprint: Imprint) -> NoReturn:
    """Serve the judge at the other end of `sock`, then leave without farewell.

    `imprint` is how all was before: a player whose submission left a mark says so.
    """
    status = 0
    try:
        Player(sock, imprint).serve()
    except wire.Disconnected:
        status = 0
    except BaseException as error:  # noqa: BLE001
        status = 70
        _report_fault(sock, error)
    finally:
        os._exit(status)


def _report_fault(sock: socket.socket, error: BaseException) -> None:
    import traceback

    text = "".join(traceback.format_exception(error))[-4000:]
    channel: wire.Channel[Any] = wire.Channel(sock, wire.from_judge)
    try:
        channel.send(wire.Fault(text.encode("utf-8", "replace").decode()))
    except wire.Disconnected:
        return
