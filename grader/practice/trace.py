"""A timeline in the Trace Event Format, which Perfetto and speedscope open.

Each operation has a thread of its own; its times are microseconds of virtual time. See
"Trace Event Format", Google, 2016.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import msgspec

from grader.verdict import Lane, LawVerdict, Timeline, Verdict

_MICROSECONDS = 1_000_000
_PROCESS = 1
_OURS = 2
_MAIN = 0
"""The thread of what is no operation: the call itself, and the moments of the run."""

Event = dict[str, Any]


def trace(verdict: Verdict, law: LawVerdict) -> bytes:
    """Return the run that broke a law, as JSON; the law must have a timeline.

    What our own answer did on the same inputs is a second process.
    """
    if law.timeline is None:
        raise ValueError(f"{law.id} has no timeline")
    events = sorted(_events(verdict, law, law.timeline), key=_when)
    document = {
        "traceEvents": events,
        "displayTimeUnit": "ms",
        "otherData": {
            "kata": verdict.kata,
            "law": law.id,
            "message": law.message,
            "replay": law.replay,
        },
    }
    return msgspec.json.encode(document)


def _when(event: Event) -> tuple[bool, float]:
    # Names come first: they hold for all that follows.
    return event["ph"] != "M", event.get("ts", 0.0)


def _events(verdict: Verdict, law: LawVerdict, timeline: Timeline) -> Iterator[Event]:
    yield from _run(verdict.kata, timeline)
    if timeline.broken_from is not None:
        until = timeline.broken_to
        until = timeline.broken_from if until is None else until
        name = timeline.broken_label or law.says
        yield _span(f"broken: {name}", _MAIN, timeline.broken_from, until, {})
    if law.ours is not None:
        ours = _run(f"{verdict.kata}, our answer", law.ours)
        yield from ({**event, "pid": _OURS} for event in ours)


def _run(name: str, timeline: Timeline) -> Iterator[Event]:
    yield _named("process_name", _MAIN, name)
    yield _named("thread_name", _MAIN, "the run")
    yield _span("the run", _MAIN, 0.0, timeline.end, {})
    for number, lane in enumerate(timeline.lanes, 1):
        yield _named("thread_name", number, lane.label)
        yield from _lane(lane, number, timeline.end)
    for mark in timeline.marks:
        yield _instant(mark.label, mark.at, "g")
    yield from _running(timeline)


def _lane(lane: Lane, number: int, over: float) -> Iterator[Event]:
    end = over if lane.end is None else lane.end
    about = {"state": lane.state} | ({"note": lane.note} if lane.note else {})
    yield _span(lane.label, number, lane.start, end, about)
    if lane.cleanup is not None:
        yield _instant("cancelled", lane.cleanup, "t", number)
        yield _span("cleaning up", number, lane.cleanup, end, {})


def _running(timeline: Timeline) -> Iterator[Event]:
    """Yield how many operations run, whenever that changes, beside the limit."""
    changes: dict[float, int] = {}
    for lane in timeline.lanes:
        end = timeline.end if lane.end is None else lane.end
        for at, change in ((lane.start, 1), (end, -1)):
            changes[at] = changes.get(at, 0) + change
    moments = sorted(changes)
    counts = accumulate(changes[at] for at in moments)
    limit = {} if timeline.limit is None else {"limit": timeline.limit}
    for at, count in zip(moments, counts, strict=True):
        yield {**_at("running", "C", at), "args": {"running": count, **limit}}


def _at(name: str, phase: str, seconds: float, thread: int = _MAIN) -> Event:
    at = seconds * _MICROSECONDS
    return {"name": name, "ph": phase, "ts": at, "pid": _PROCESS, "tid": thread}


def _span(
    name: str, thread: int, start: float, end: float, about: dict[str, str]
) -> Event:
    length = max(0.0, end - start) * _MICROSECONDS
    return {**_at(name, "X", start, thread), "dur": length, "args": about}


def _instant(name: str, at: float, scope: str, thread: int = _MAIN) -> Event:
    return {**_at(name, "i", at, thread), "s": scope}


def _named(what: str, thread: int, name: str) -> Event:
    about = {"name": what, "ph": "M", "pid": _PROCESS, "tid": thread}
    return {**about, "args": {"name": name}}
