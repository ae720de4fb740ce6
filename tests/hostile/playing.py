"""Play hostile sources behind walls, and see what they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

from grader import values, wire
from grader.judge.drive import PlayerFault, drive, play_message
from grader.sandbox.files import Folder
from grader.sandbox.launch import Player, Sandbox
from grader.world import rules
from grader.world.record import Run
from grader.world.rules import Rule
from grader.world.tokens import Tokens
from grader.world.world import World

SCENARIOS = """
import inspect

async def amain(kata, world, **given):
    found = kata.f(world, **given)
    return await found if inspect.isawaitable(found) else found
"""

SAY: Mapping[str, Rule] = {"say": rules.synchronous()}


class Stand:
    """Forks players behind one kind of walls; each source gets one of its own."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._sandbox = sandbox
        self._players: list[Player] = []
        self._pids: list[int] = []
        self.folder = folder
        self.last: Run | None = None

    @property
    def level(self) -> str:
        """The level of the walls."""
        return self._sandbox.walls.level

    def run(self, source: str, **given: Any) -> str:
        """Play `f(world, **given)` of a source; return in words how the run ended."""
        player = self._sandbox.player()
        self._players.append(player)
        self._pids.append(player.pid)
        player.send(
            wire.Load(
                "kata",
                "kata.py",
                dedent(source).lstrip("\n").encode(),
                SCENARIOS,
                [],
                [],
                0.5,
                False,  # noqa: FBT003
                list(self._sandbox.walls.allow),
            )
        )
        loaded = player.receive()
        if isinstance(loaded, wire.Loaded) and loaded.problem is not None:
            return f"unloadable {loaded.problem.message}"
        world = World(SAY, Tokens(b"secret", "case"))
        try:
            self.last, _ = drive(
                player, world, play_message("amain", given, world, [], collect=True)
            )
        except PlayerFault:
            return "player fault"
        return told(self.last)

    @property
    def files(self) -> Folder:
        """The folder that sources may write to."""
        return self._sandbox.folder

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Let the judge wait only so long for a word."""
        usual = self._sandbox.deadlines
        self._sandbox.deadlines = replace(usual, silence=seconds, tick=0.1)
        try:
            yield
        finally:
            self._sandbox.deadlines = usual

    def close(self) -> None:
        """End all players."""
        for player in self._players:
            player.close()
        self._players.clear()

    def living(self) -> list[int]:
        """Return the numbers of players, or of what they started, that still live."""
        return [pid for pid in self._pids if _has_members(pid)]


def _has_members(group: int) -> bool:
    return any(
        _group_of(stat) == str(group) for stat in Path("/proc").glob("[0-9]*/stat")
    )


def _group_of(stat: Path) -> str:
    try:
        return stat.read_text().rpartition(")")[2].split()[2]
    except OSError:
        # It ended meanwhile.
        return ""


def told(run: Run) -> str:
    """Return in words how a run ended."""
    outcome = run.outcome
    assert outcome is not None
    if (
        outcome.kind == "returned" and outcome.value is not None
    ) or outcome.error is None:
        shown = values.show(outcome.value) if outcome.kind == "returned" else ""
        return f"{outcome.kind} {shown}".strip()
    return f"{outcome.kind} {outcome.error.type}"
