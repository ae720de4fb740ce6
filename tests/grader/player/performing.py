"""Run sources in players, and read the records of their runs."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from textwrap import dedent
from typing import Any, Protocol

from grader import values, wire
from grader.judge.drive import PlayerFault, converse, drive, play_message
from grader.sandbox.launch import Player, Sandbox
from grader.world.network import Peer
from grader.world.record import Run
from grader.world.rules import Rule
from grader.world.service import Service
from grader.world.tape import Tape
from grader.world.tokens import Tokens
from grader.world.world import World

SCENARIOS = """
import inspect

def main(kata, world, **given):
    return kata.f(world, **given)

async def amain(kata, world, **given):
    return await kata.f(world, **given)
"""


class Perform(Protocol):
    """What the fixture `perform` is."""

    def __call__(
        self,
        source: str | bytes,
        operations: Mapping[str, Rule | Service] | None = None,
        **options: Any,
    ) -> Run: ...


class Performer:
    """Forks players and plays runs on them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._players: list[Player] = []
        self.good = True
        self.world: World | None = None

    def player(
        self,
        source: str | bytes,
        *,
        scenarios: str = SCENARIOS,
        needs: Sequence[wire.Need] = (),
        records: Sequence[str] = (),
        cpu: float = 2.0,
    ) -> Player:
        """Return a fresh player that holds this source."""
        player = self._sandbox.player()
        self._players.append(player)
        player.send(
            wire.Load(
                "kata",
                "kata.py",
                _bytes(source),
                scenarios,
                list(needs),
                list(records),
                cpu,
                False,  # noqa: FBT003
            )
        )
        return player

    def load(
        self, source: str | bytes, **options: Any
    ) -> tuple[Player, wire.FromPlayer]:
        """Return a player and its answer to what it was given to load."""
        player = self.player(source, **options)
        return player, player.receive()

    def check(self, source: str | bytes, *needs: wire.Need) -> wire.Problem | None:
        """Execute a source once; return what is wrong with it."""
        player, loaded = self.load(source, needs=needs, cpu=0.1)
        if isinstance(loaded, wire.Loaded) and loaded.problem is None:
            player.send(wire.Check())
            loaded = converse(player, World({}, Tokens(b"secret", "check")))
        if isinstance(loaded, wire.Runaway):
            line = loaded.frames[-1].line
            return wire.Problem("import", "runaway", line, loaded.frames)
        assert isinstance(loaded, wire.Loaded)
        return loaded.problem

    def perform(
        self,
        source: str | bytes,
        operations: Mapping[str, Rule | Service] | None = None,
        *,
        player: Player | None = None,
        **options: Any,
    ) -> Run:
        """Play one run, in a fresh player if none is given; return its record."""
        play = {key: options.pop(key) for key in _OF_PLAY if key in options}
        if player is None:
            player, loaded = self.load(source, **options)
            assert loaded == wire.Loaded(None)
        asynchronous = b"async def f(" in _bytes(source)
        play.setdefault("scenario", "amain" if asynchronous else "main")
        return self.play(player, operations, **play)

    def fate(self, source: str) -> str:
        """Return how a run of this source ended, in a word."""
        try:
            return kind(self.perform(source))
        except PlayerFault:
            return "player fault"

    def play(  # noqa: PLR0913
        self,
        player: Player,
        operations: Mapping[str, Rule | Service] | None = None,
        *,
        scenario: str = "main",
        args: Mapping[str, Any] | None = None,
        order: Sequence[int] = (),
        tape: Sequence[int] = (),
        cancel_at: int | None = None,
        collect: bool = True,
        network: Sequence[Peer] | None = None,
    ) -> Run:
        """Play one run on this player."""
        tokens = Tokens(b"secret", "case")
        peers = copy.deepcopy(network)
        self.world = World(operations or {}, tokens, Tape(tape), cancel_at, peers)
        message = play_message(
            scenario, args or {}, self.world, list(order), collect=collect
        )
        run, self.good = drive(player, self.world, message)
        return run

    def close(self) -> None:
        """End all players."""
        for player in self._players:
            player.close()


_OF_PLAY = ("scenario", "args", "order", "tape", "cancel_at", "collect", "network")


def _bytes(source: str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    return dedent(source).lstrip("\n").encode("utf-8", "surrogatepass")


# --- reading a record ---------------------------------------------------------


def value(run: Run) -> Any:
    """Return what the run returned."""
    assert run.outcome is not None
    assert run.outcome.kind == "returned", (run.outcome, run.stuck)
    return values.unpack(run.outcome.value)


def error(run: Run) -> tuple[str, str]:
    """Return type and text of what the run raised."""
    assert run.outcome is not None
    assert run.outcome.kind == "raised", run.outcome
    assert run.outcome.error is not None
    return run.outcome.error.type, run.outcome.error.message


def kind(run: Run) -> str:
    """Return how the run ended, in a word."""
    assert run.outcome is not None
    return run.outcome.kind


def ended(run: Run) -> wire.Ended:
    """Return the player's own report of the run."""
    assert run.ended is not None
    return run.ended


def seconds(run: Run) -> float:
    """Return when the outcome was there."""
    assert run.outcome is not None
    return run.outcome.when.at / 1e9


def blocked(run: Run) -> list[tuple[str, int]]:
    """Return what blocked a loop, and in which line."""
    return [(each.what, each.line) for _, each in run.blocked]


def stuck(run: Run) -> list[tuple[str, int, str]]:
    """Return who was stuck, in which line, and what it waited for."""
    return [(each.name, each.line, each.waits_for) for each in run.stuck]


def left(run: Run) -> list[tuple[str, int]]:
    """Return which tasks and generators outlived the scenario, and their lines."""
    return [(each.name, each.line) for each in run.left]


def warned(run: Run) -> list[tuple[str, int]]:
    """Return what Python complained of, and the line it points at."""
    return [(each.message, each.line) for each in ended(run).warnings]


def times(run: Run, name: str) -> list[float]:
    """Return when the scenario noted this."""
    return [note.when.at / 1e9 for note in run.noted(name)]
