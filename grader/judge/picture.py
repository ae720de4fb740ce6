"""From the record of a run to the timeline that a screen draws."""

from __future__ import annotations

from collections.abc import Iterator

from grader import values, wire
from grader.laws import JudgedRun
from grader.laws.outcome import Broken
from grader.laws.responses import BAD, Visit, visits
from grader.verdict import Lane, Mark, Timeline
from grader.world.http import Browser
from grader.world.record import Connection, Operation
from grader.world.script import Step

MAX_LANES = 12


def timeline(judged: JudgedRun, broken: Broken | None) -> Timeline | None:
    """Return the timeline of a run, the lanes that broke the law among those shown.

    There is a lane for each operation, for each visit to a site of the judge's, and for
    each connection of a peer that calls the submission.
    """
    happened = _happened(judged, broken)
    if not happened:
        return None
    shown = _shown(happened)
    return Timeline(
        lanes=[_lane(judged, what, note) for what, note in shown],
        end=_seconds(_end(judged, broken)),
        hidden_lanes=len(happened) - len(shown),
        limit=broken.limit if broken is not None else None,
        broken_from=_optional(broken.at if broken is not None else None),
        broken_to=_optional(broken.until if broken is not None else None),
        broken_label=broken.band if broken is not None else "",
        marks=_marks(judged),
    )


Noted = tuple[Operation | Visit | Connection, str]
"""What gets a lane, and the note beside it."""


def _happened(judged: JudgedRun, broken: Broken | None) -> list[Noted]:
    notes = broken.operations if broken is not None else {}
    theirs = broken.connections if broken is not None else {}
    happened: list[Noted] = [
        (each, notes.get(each.number, "")) for each in judged.shown()
    ]
    happened += [(each, notes.get(each.number, "")) for each in visits(judged.run)]
    happened += [(each, theirs.get(each.number, "")) for each in _calls(judged)]
    return sorted(happened, key=lambda noted: noted[0].began.order)


def _calls(judged: JudgedRun) -> list[Connection]:
    """Return the connections of peers that call; what a browser asks has marks."""
    return [
        each
        for each in judged.run.connections
        if not each.peer.host and not isinstance(each.peer, Browser)
    ]


def _shown(happened: list[Noted]) -> list[Noted]:
    """Return at most `MAX_LANES`: those noted, and then the earliest."""
    order = sorted(range(len(happened)), key=lambda n: (not happened[n][1], n))
    return [happened[place] for place in sorted(order[:MAX_LANES])]


def _lane(judged: JudgedRun, what: Operation | Visit | Connection, note: str) -> Lane:
    if isinstance(what, Visit):
        return _lane_of_visit(what, note)
    if isinstance(what, Connection):
        return _lane_of_call(judged, what, note)
    return _lane_of_operation(judged, what, note)


def _lane_of_visit(visit: Visit, note: str) -> Lane:
    ended = visit.ended.at if visit.ended else None
    state = _state_of_visit(visit)
    return Lane(
        visit.name, _seconds(visit.began.at), _optional(ended), state, note=note
    )


def _state_of_visit(visit: Visit):  # type: ignore[no-untyped-def] # noqa: ANN202
    exchange = visit.exchange
    if visit.ended is None:
        return "open"
    if exchange is None:
        return "failed" if visit.connection.refused else "cancelled"
    cut = exchange.lost is not None and visit.connection.peer_ended is not None
    if cut or exchange.status >= BAD:
        return "failed"
    return "cancelled" if exchange.lost else "done"


def _lane_of_operation(judged: JudgedRun, operation: Operation, note: str) -> Lane:
    ended = operation.closed or operation.completed
    if operation.completed is not None:
        ended = operation.completed
    return Lane(
        label=judged.call(operation),
        start=_seconds(operation.began.at),
        end=_optional(ended.at if ended else None),
        state=_state(operation),
        cleanup=_optional(operation.cancelled.at if operation.cancelled else None),
        note=note,
    )


def _lane_of_call(judged: JudgedRun, connection: Connection, note: str) -> Lane:
    """Return the lane of a connection: it is on until the submission hangs up."""
    refused, ended = connection.refused, connection.closed or connection.refused
    return Lane(
        label=judged.client(connection),
        start=_seconds(connection.began.at),
        end=_optional(ended.at if ended is not None else None),
        state="failed" if refused else "done" if ended else "open",
        note=note,
    )


def _state(operation: Operation):  # type: ignore[no-untyped-def] # noqa: ANN202
    if operation.completed is not None:
        return "failed" if operation.failed else "done"
    if operation.closed is None:
        return "open"
    dropped = operation.how == "dropped" and operation.cancelled is None
    return "lost" if dropped else "cancelled"


def _end(judged: JudgedRun, broken: Broken | None) -> int:
    instants = [judged.outcome.when.at]
    for each in judged.run.operations:
        moment = each.completed or each.closed or each.began
        instants.append(moment.at)
    instants += [(each.ended or each.began).at for each in visits(judged.run)]
    if broken is not None and broken.until is not None:
        instants.append(broken.until)
    return max(instants)


def _marks(judged: JudgedRun) -> list[Mark]:
    marks = []
    sent = judged.run.cancel_sent
    if sent is not None:
        marks.append(Mark(_seconds(sent.at), "caller cancelled"))
    for moment, blocked in judged.run.blocked[:3]:
        marks.append(Mark(_seconds(moment.at), f"{blocked.what} blocks the loop"))
    marks += _script_marks(judged)
    marks += [Mark(_seconds(at), text) for at, text in judged.served()]
    outcome = judged.outcome
    if judged.run.script and outcome.kind == "returned":
        return marks
    word = {"returned": "returned", "raised": "raised"}.get(outcome.kind, outcome.kind)
    if outcome.error is not None:
        word = f"raised {outcome.error.type}"
    marks.append(Mark(_seconds(outcome.when.at), word))
    return marks


def _script_marks(judged: JudgedRun) -> list[Mark]:
    """Return a mark for each step that no lane shows: what a script did and when."""
    began = {
        (each.began.at, _known_by(argument))
        for each in judged.run.operations
        for argument in each.args
    }
    return [
        Mark(_seconds(judged.began_at(step)), judged.told(step))
        for step in sorted(judged.run.script, key=lambda step: step.at)
        if not any(
            (judged.began_at(step), _known_by(each)) in began for each in _leaves(step)
        )
    ]


def _known_by(argument: object) -> str:
    # A submission may pass an integer with more digits than Python turns into text.
    return repr(values.pack_known(argument))


def _leaves(step: Step) -> Iterator[object]:
    for argument in step.arguments:
        yield from argument if isinstance(argument, list) else [argument]


def _seconds(nanoseconds: int) -> float:
    return nanoseconds / wire.NANOSECONDS


def _optional(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else _seconds(nanoseconds)
