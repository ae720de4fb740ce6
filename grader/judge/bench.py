"""Everything a submission is graded on: players, secret, hidden scenarios."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from grader import wire
from grader.catalogue import Kata
from grader.judge.drive import (
    PlayerFault,
    converse,
    describe_status,
    drive,
    play_message,
)
from grader.sandbox.launch import (
    OutOfTime,
    Player,
    PlayerDied,
    Sandbox,
    SandboxFault,
)
from grader.submission import Submission
from grader.world.network import Peer
from grader.world.record import Run
from grader.world.rules import Rule
from grader.world.service import Service
from grader.world.tape import Tape
from grader.world.tokens import Tokens
from grader.world.world import World

MAX_TRIED = 10
"""How many forbidden attempts of one run are told."""

CLEARING_SECONDS = 3.0
"""How long a folder may take to clear before its player is taken for one that fills it."""

CPU_SECONDS = 0.5
"""Processor time of one run: hundreds of times what a run needs."""


class Bench:
    """Hands out players that hold one submission, and plays runs on them."""

    def __init__(
        self,
        sandbox: Sandbox,
        kata: Kata,
        submission: Submission,
        secret: bytes,
        scenarios: str,
    ) -> None:
        self._sandbox = sandbox
        self._secret = secret
        self._load = wire.Load(
            kata.slug,
            submission.name,
            submission.source,
            scenarios,
            kata.needs_on_wire(),
            list(kata.records),
            CPU_SECONDS,
            sandbox.unbounded,
            list(kata.allow),
            wants_code=True,
        )
        self._has_files = "files" in kata.allow
        self._next: Player | None = None
        self.virtual = 0
        self.tried: dict[wire.Tried, None] = {}

    # --- players --------------------------------------------------------------

    def player(self) -> Player:
        """Return a fresh player."""
        player = self._next or self._loading()
        self._next = None
        problem = self._loaded(player)
        if problem is not None:
            raise PlayerDied(0)
        return player

    def prepare(self) -> None:
        """Fork the next player while this one is busy, if there is a core for both.

        On one core nothing is won, and the player after the last one is lost.
        """
        if self._next is None and _cores() > 1:
            self._next = self._loading()

    def ready(self) -> None:
        """Wait until the next player is there, and so the sandbox."""
        if self._next is None:
            self._next = self._loading()
        _ = self._next.pid

    def _loading(self) -> Player:
        player = self._sandbox.player()
        player.send(self._load)
        return player

    def _loaded(self, player: Player) -> wire.Problem | None:
        message = player.receive()
        if isinstance(message, wire.Runaway):
            raise OutOfTime("processor time")
        if isinstance(message, wire.Fault):
            raise PlayerFault(message.message)
        if not isinstance(message, wire.Loaded):
            raise wire.ProtocolViolation("not an answer to Load")
        self._keep(message.code)
        return message.problem

    def _keep(self, code: wire.Code | None) -> None:
        """Spare the next players the compiling."""
        if code is not None and self._load.code is None:
            self._load = msgspec.structs.replace(
                self._load, code=code, wants_code=False
            )

    def check(self) -> wire.Problem | None:
        """Execute the submission once; return why it cannot be graded, if it cannot.

        Raises `PlayerFault` or `ProtocolViolation` when the player fails at it.
        """
        self.lay_out_alone({})
        player = self._loading()
        try:
            return self._check(player)
        except OutOfTime as error:
            return _endless(error.what, [])
        except PlayerDied as error:
            what = describe_status(error.status)
            return wire.Problem(
                "import", f"importing the file ended the process: {what}"
            )
        finally:
            player.close()

    def _check(self, player: Player) -> wire.Problem | None:
        loaded = player.receive()
        if isinstance(loaded, wire.Loaded) and loaded.problem is None:
            self._keep(loaded.code)
            player.send(wire.Check())
            world = World({}, Tokens(self._secret, "check"))
            loaded = converse(player, world)
        if isinstance(loaded, wire.Fault):
            raise PlayerFault(loaded.message)
        if isinstance(loaded, wire.Runaway):
            return _endless("processor time", loaded.frames)
        if not isinstance(loaded, wire.Loaded):
            raise wire.ProtocolViolation("not an answer to Check")
        return loaded.problem

    def close(self) -> None:
        """End the player that was prepared."""
        if self._next is not None:
            self._next.close()
            self._next = None

    # --- runs -----------------------------------------------------------------

    def lay_out(self, files: Mapping[str, bytes]) -> bool:
        """Let the submission's folder hold these files and nothing else.

        Return whether it does: who still runs may be at work there.
        """
        if self._has_files:
            try:
                self._sandbox.folder.lay_out(files, seconds=CLEARING_SECONDS)
            except OSError:
                return False
        return True

    def lay_out_alone(self, files: Mapping[str, bytes]) -> None:
        """Do the same where no player runs; raise `SandboxFault` if it fails even then."""
        try:
            if self._has_files:
                self._sandbox.folder.lay_out(files)
        except OSError as error:
            self._sandbox.fault = f"its folder cannot be cleared: {error}"
            raise SandboxFault(self._sandbox.fault) from error

    @property
    def unbounded(self) -> bool:
        """Whether no deadlines hold."""
        return self._sandbox.unbounded

    def run(self, player: Player, scene: Scene) -> tuple[Run, World, bool]:
        """Play one run; return its record, its world and whether the player is good."""
        operations = {
            key: copy.deepcopy(value) if isinstance(value, Service) else value
            for key, value in scene.given.items()
            if isinstance(value, Rule | Service)
        }
        arguments = {
            key: value for key, value in scene.given.items() if key not in operations
        }
        tokens = Tokens(self._secret, scene.name)
        world = World(
            operations,
            tokens,
            Tape(scene.tape),
            scene.cancel_at,
            copy.deepcopy(scene.network),
        )
        message = play_message(
            scene.scenario, arguments, world, list(scene.tape), collect=scene.collect
        )
        look = partial(self._look, world, scene.watch) if scene.watch else None
        run, good = drive(player, world, message, look)
        if self._has_files:
            run.files = self._sandbox.folder.contents()
        self.virtual += run.end.at
        if run.ended is not None:
            self.tried |= dict.fromkeys(run.ended.tried[:MAX_TRIED])
        return run, world, good

    def _look(self, world: World, names: Sequence[str]) -> None:
        for name in names:
            world.saw(name, self._sandbox.folder.look(name))


@dataclass(frozen=True)
class Scene:
    """What one run is to be: a scenario, what it is given, and the draws of its case.

    `name` is what its tokens are made from, `watch` names the files that are looked at.
    """

    scenario: str
    given: Mapping[str, Any]
    tape: tuple[int, ...]
    name: str
    cancel_at: int | None = None
    collect: bool = False
    network: Sequence[Peer] | None = None
    watch: Sequence[str] = ()


def _cores() -> int:
    """Return how many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _endless(what: str, frames: list[wire.Frame]) -> wire.Problem:
    line = frames[-1].line if frames else 0
    return wire.Problem(
        "import",
        f"importing the file did not finish: it ran out of {what}",
        line,
        frames,
    )
