"""Bring a player and a world together for one run."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from typing import Any

from grader import values, wire
from grader.sandbox.launch import OutOfTime, Player, PlayerDied
from grader.world.record import Run
from grader.world.world import World


class PlayerFault(Exception):
    """The player failed by its own account, in our code."""


def drive(
    player: Player,
    world: World,
    play: wire.Play,
    look: Callable[[], None] | None = None,
) -> tuple[Run, bool]:
    """Play one run; return its record and whether the player can be used again.

    `look` is called at each turn: until it is answered nothing moves inside.
    """
    try:
        player.send(play)
        ended = converse(player, world, look)
    except OutOfTime as error:
        return world.abort(error.what, ""), False
    except PlayerDied as error:
        return world.abort("crashed", describe_status(error.status)), False
    except wire.ProtocolViolation as error:
        return world.abort("protocol violation", str(error)), False
    if isinstance(ended, wire.Runaway):
        return world.abort("processor time", "", tuple(ended.frames)), False
    if not isinstance(ended, wire.Ended):
        raise wire.ProtocolViolation("not an end")
    return world.conclude(ended), not ended.spent


def converse(
    player: Player, world: World, look: Callable[[], None] | None = None
) -> wire.FromPlayer:
    """Answer turns until the player says something else."""
    over = False
    while True:
        message = player.receive()
        if isinstance(message, wire.Fault):
            raise PlayerFault(message.message)
        if not isinstance(message, wire.Turn):
            if isinstance(message, wire.Ended) and not over:
                raise wire.ProtocolViolation("ended before the judge said so")
            return message
        if over:
            raise wire.ProtocolViolation("a turn after the end")
        if look is not None:
            look()
        reply = world.step(message)
        over = isinstance(reply, wire.Over)
        player.send(reply)


def describe_status(status: int) -> str:
    """Say in words how a process ended."""
    if os.WIFSIGNALED(status):
        return f"the process was ended by {_signal_name(os.WTERMSIG(status))}"
    return f"the process ended by itself with exit code {os.waitstatus_to_exitcode(status)}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        # A real-time signal between the first and the last has no name.
        return f"signal {number}"


def play_message(
    scenario: str,
    args: Mapping[str, Any],
    world: World,
    order: list[int],
    *,
    collect: bool,
) -> wire.Play:
    """Return the message that starts a run."""
    packed = {name: values.pack_known(value) for name, value in args.items()}
    return wire.Play(scenario, packed, world.specs(), 0, order, collect, world.hosts)
