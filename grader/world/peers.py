"""Peers that do what they were told to: for tests of servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.world.network import Fixed, Line, Peer


@dataclass(frozen=True)
class Deed(Fixed):
    """Something that a peer does so many seconds after the connection was opened."""

    at: float
    data: bytes = b""
    then: str = ""
    """`finish`, `hang up`, `reset`, `stop reading` or `go on reading`."""


def sends(at: float, data: bytes) -> Deed:
    """Send bytes at that time."""
    return Deed(at, data)


def finishes(at: float) -> Deed:
    """Send no more from that time on, and go on reading."""
    return Deed(at, then="finish")


def hangs_up(at: float) -> Deed:
    """Close the connection at that time."""
    return Deed(at, then="hang up")


def crashes(at: float) -> Deed:
    """Reset the connection at that time."""
    return Deed(at, then="reset")


def stops_reading(at: float = 0.0) -> Deed:
    """Read no more from that time on."""
    return Deed(at, then="stop reading")


def goes_on_reading(at: float) -> Deed:
    """Read again from that time on."""
    return Deed(at, then="go on reading")


@dataclass
class Client(Peer):
    """Dials the submission at `dials_at` seconds and does what it was told to."""

    dials_at: float | None = 0.0
    deeds: Sequence[Deed] = ()
    port: int = 0
    name: str = ""
    host: str = field(default="", init=False)

    def opened(self, line: Line) -> None:
        """Plan all that is to be done."""
        for deed in self.deeds:
            if deed.data:
                line.send(deed.data, deed.at)
            if deed.then == "finish":
                line.finish(deed.at)
            elif deed.then in {"hang up", "reset"}:
                line.hang_up(deed.at, reset=deed.then == "reset")
            elif deed.then == "stop reading":
                line.after(deed.at, Line.stop_reading)
            elif deed.then == "go on reading":
                line.after(deed.at, Line.go_on_reading)
