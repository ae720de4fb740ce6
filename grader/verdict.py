"""The one record that every screen and every export is made from."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

SCHEMA: Final = "asyncio-katas/verdict/1"

Outcome = Literal["holds", "broken", "not reached", "out of time", "fault"]
Status = Literal["pass", "fail", "unloadable", "fault"]
Evidence = Literal["judge", "observed"]
Kind = Literal["correctness", "concurrency", "cancellation", "robustness"]

Reason = Literal[
    "",
    "behaviour",
    "deadlock",
    "livelock",
    "endless",
    "crashed",
    "memory",
    "processor time",
    "wall time",
    "output limit",
    "blocked call",
    "protocol violation",
    "signature",
    "raised",
    "not started",
    "never arose",
    "depends on earlier calls",
    "not repeatable",
    "not on this python",
    "grader error",
]


class Lane(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One operation in a timeline. Times are virtual seconds.

    `cleanup` is when a cancellation reached it, if one did; `end` is None when it
    never ended. It is `lost` when nobody waits for its answer any more. `note` is set
    on a lane that broke the law.
    """

    label: str
    start: float
    end: float | None
    state: Literal["done", "failed", "cancelled", "lost", "open"]
    cleanup: float | None = None
    note: str = ""


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A moment in a timeline that is no operation: the end, an error, a blocking."""

    at: float
    label: str


class Timeline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happened when, in the run that broke a law.

    `limit` is the bound on how many lanes may run at once where the law has one;
    `broken_from` and `broken_to` bound the moments at which the law was broken, and
    `broken_label` says in two words what was wrong then.
    """

    lanes: list[Lane]
    end: float
    hidden_lanes: int = 0
    limit: int | None = None
    broken_from: float | None = None
    broken_to: float | None = None
    broken_label: str = ""
    marks: list[Mark] = []


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task or thread that stood still: where, on what line, and for what."""

    kind: Literal["task", "thread", "generator"]
    name: str
    line: int
    function: str
    source: str
    waits_for: str
    waits_on: str = ""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the learner's own lines."""

    file: str
    line: int
    function: str
    source: str


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The inputs of the run that broke a law: its id, its values and its tape."""

    id: str
    values: dict[str, Any]
    tape: list[int]
    shrunk: bool = False


class LawVerdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one law.

    `message` is two clauses, the rule and the fact. `given` says the inputs in words,
    `seen` what happened beyond the message. `ours` is what our own answer did on the same
    inputs as `timeline`.
    """

    id: str
    says: str
    kind: Kind
    evidence: Evidence
    points: int
    max_points: int
    outcome: Outcome
    reason: Reason = ""
    message: str = ""
    given: str = ""
    seen: str = ""
    line: Line | None = None
    case: Case | None = None
    replay: str = ""
    diagnosis: str = ""
    hints: int = 0
    cases: int = 0
    timeline: Timeline | None = None
    ours: Timeline | None = None
    waiting: list[Waiting] = []
    cycle: list[str] = []
    printed: str = ""


class Submitted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that was graded."""

    name: str
    sha256: str


class Corpus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cases that were played: the same for every submission with this hash."""

    seed: int
    hash: str
    cases: int


class Isolation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Behind which walls the submission ran; `official` says whether that suffices."""

    level: Literal["strong", "confined", "process", "none"]
    layers: list[str]
    official: bool


class Tried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that no submission may do, in words that follow "line 3" (observed)."""

    what: str
    line: int


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the submission could not be loaded, or what our own fault was."""

    reason: str
    message: str
    line: Line | None = None
    advice: str = ""


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything about one graded submission."""

    schema: Literal["asyncio-katas/verdict/1"]
    kata: str
    title: str
    level: int
    submission: Submitted
    status: Status
    points: int
    max_points: int
    laws: list[LawVerdict]
    corpus: Corpus
    isolation: Isolation
    python: str
    grader: str
    virtual_seconds: float
    seconds: float
    problem: Problem | None = None
    tried: list[Tried] = []


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema that every verdict satisfies."""
    return msgspec.json.schema(Verdict)


if __name__ == "__main__":
    import json

    print(json.dumps(json_schema(), indent=2))  # noqa: T201
