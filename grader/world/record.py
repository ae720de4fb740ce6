"""What the judge holds of a finished run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from grader import wire
from grader.world.rules import Plan
from grader.world.script import Script

if TYPE_CHECKING:
    from grader.world.network import Peer


class Moment(NamedTuple):
    """When something happened: the instant, and its place in the order of events."""

    at: int
    order: int


@dataclass(slots=True)
class Operation:
    """One call of a simulated operation.

    `completed` is when the world let it go with its value or error, `cancelled` when a
    cancellation first reached it, `closed` when its frame inside the player was left.
    """

    number: int
    name: str
    nth: int
    args: list[Any]
    keywords: dict[str, Any]
    began: Moment
    line: int
    task: str
    thread: int
    plan: Plan = field(default_factory=Plan)
    token: str = ""
    value: wire.Value = None
    due: int | None = None
    completed: Moment | None = None
    failed: bool = False
    cancelled: Moment | None = None
    cancels: int = 0
    closed: Moment | None = None
    how: Literal["", "value", "error", "cancelled", "dropped"] = ""

    @property
    def ended(self) -> Moment | None:
        """When it stopped running: completed by the world, or left."""
        return self.completed or self.closed

    @property
    def blinked(self) -> bool:
        """Whether it was cancelled in the very instant in which it began."""
        return (
            self.completed is None
            and self.cancelled is not None
            and self.cancelled.at == self.began.at
        )

    def overlaps(self, moment: Moment) -> bool:
        """Say whether it was running at this place in the order of events."""
        ended = self.ended
        return self.began.order <= moment.order and (
            ended is None or moment.order < ended.order
        )


OutcomeKind = Literal[
    "returned",
    "raised",
    "deadlock",
    "livelock",
    "endless",
    "crashed",
    "processor time",
    "wall time",
    "protocol violation",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    kind: OutcomeKind
    when: Moment
    value: wire.Value = None
    error: wire.Failure | None = None
    detail: str = ""
    frames: tuple[wire.Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something the scenario wrote down, or a step of its script."""

    name: str
    when: Moment
    values: list[Any]
    error: wire.Failure | None = None


class Violation(NamedTuple):
    """An invariant of a service that was broken: its name, and a clause that says how."""

    when: Moment
    what: str
    fact: str


@dataclass(slots=True)
class Connection:
    """A connection between the submission and a peer.

    `sent` is what the submission has sent and when, `given` what it was given. `finished`
    is when it said that it sends no more, `closed` when it hung up, `peer_ended` when the
    peer did either.
    """

    number: int
    peer: Peer
    port: int
    began: Moment
    opened: Moment | None = None
    refused: Moment | None = None
    sent: list[tuple[Moment, bytes]] = field(default_factory=list)
    given: list[tuple[Moment, bytes]] = field(default_factory=list)
    finished: Moment | None = None
    closed: Moment | None = None
    reset: bool = False
    peer_ended: Moment | None = None

    def heard(self) -> bytes:
        """Return all that the submission has sent."""
        return b"".join(data for _, data in self.sent)


@dataclass(slots=True)
class Exchange:
    """A request of the submission's to a site, and what became of it.

    `answered` is when the head was sent, `completed` when the submission was given the
    last byte, `lost` when it, or the site, had hung up before. `token` is in the body and
    nowhere else. The names of `headers` are in small letters.
    """

    number: int
    connection: int
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    began: Moment
    token: str
    status: int = 0
    answered: Moment | None = None
    completed: Moment | None = None
    lost: Moment | None = None

    @property
    def ended(self) -> Moment | None:
        """When it stopped being open."""
        return self.completed or self.lost


@dataclass(slots=True)
class Run:
    """The whole record of one run, in the order in which it happened.

    `files` is what its folder held at the end: see `grader.sandbox.files`. `seen` is what
    each file that was watched held, from when on; None stands for no such file.
    """

    operations: list[Operation] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    steps: dict[int, Note] = field(default_factory=dict)
    script: Script = field(default_factory=Script)
    items: list[Note] = field(default_factory=list)
    blocked: list[tuple[Moment, wire.Blocked]] = field(default_factory=list)
    left: list[wire.Stuck] = field(default_factory=list)
    idle_threads: list[tuple[Moment, wire.Stuck]] = field(default_factory=list)
    stuck: list[wire.Stuck] = field(default_factory=list)
    cycle: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    outcome: Outcome | None = None
    idles: int = 0
    cancel_sent: Moment | None = None
    ended: wire.Ended | None = None
    files: dict[str, bytes | None] = field(default_factory=dict)
    seen: dict[str, list[tuple[Moment, bytes | None]]] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    end: Moment = field(default_factory=lambda: Moment(0, 0))

    def has_begun(self) -> bool:
        """Say whether the scenario has done anything that is recorded."""
        return bool(
            self.operations or self.notes or self.steps or self.items or self.outcome
        )

    def named(self, name: str) -> list[Operation]:
        """Return the operations of that name, in the order of their beginnings."""
        return [operation for operation in self.operations if operation.name == name]

    def noted(self, name: str) -> list[Note]:
        """Return what the scenario noted under that name."""
        return [note for note in self.notes if note.name == name]

    def yielded(self, name: str) -> list[Note]:
        """Return the items that the scenario was handed under that name."""
        return [item for item in self.items if item.name == name]
