"""A trace keeps the rules of its format, and says what the timeline says."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest

from grader.practice.trace import trace
from grader.verdict import Lane, LawVerdict, Mark, Timeline
from tests.grader.feedback.samples import law, verdict

NUMBER = {"type": "number", "minimum": 0}
EVENT = {
    "type": "object",
    "required": ["name", "ph", "pid", "tid"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "ph": {"enum": ["M", "X", "i", "C"]},
        "pid": {"type": "integer"},
        "tid": {"type": "integer"},
        "ts": NUMBER,
        "dur": NUMBER,
    },
    "allOf": [
        {
            "if": {"properties": {"ph": {"const": phase}}},
            "then": {"required": needed},
        }
        for phase, needed in {
            "M": ["args"],
            "X": ["ts", "dur"],
            "i": ["ts", "s"],
            "C": ["ts", "args"],
        }.items()
    ],
}
FORMAT = {
    "type": "object",
    "required": ["traceEvents"],
    "properties": {"traceEvents": {"type": "array", "items": EVENT}},
}


def broken() -> LawVerdict:
    lanes = [
        Lane("fetch('a')", 0.0, 2.0, "done"),
        Lane("fetch('b')", 0.5, 1.5, "cancelled", cleanup=1.0, note="2 of 1"),
        Lane("fetch('c')", 1.5, None, "open"),
    ]
    timeline = Timeline(
        lanes,
        2.0,
        limit=1,
        broken_from=0.5,
        broken_to=2.0,
        broken_label="over 1",
        marks=[Mark(2.0, "returned")],
    )
    return law("at-most-limit", "broken", timeline=timeline, message="It must hold.")


@pytest.fixture
def events() -> list[dict[str, Any]]:
    document = json.loads(trace(verdict([broken()]), broken()))
    jsonschema.validate(document, FORMAT)
    found: list[dict[str, Any]] = document["traceEvents"]
    return found


def test_events_stand_in_the_order_of_their_moments(
    events: list[dict[str, Any]],
) -> None:
    moments = [each["ts"] for each in events if each["ph"] != "M"]

    assert moments == sorted(moments)


def test_each_operation_has_a_thread_that_is_named_after_it(
    events: list[dict[str, Any]],
) -> None:
    names = {
        each["tid"]: each["args"]["name"]
        for each in events
        if each["name"] == "thread_name"
    }

    assert names == {0: "the run", 1: "fetch('a')", 2: "fetch('b')", 3: "fetch('c')"}


def test_an_operation_lasts_as_long_as_in_the_timeline(
    events: list[dict[str, Any]],
) -> None:
    spans = {
        each["name"]: (each["ts"], each["dur"]) for each in events if each["ph"] == "X"
    }

    assert spans == {
        "the run": (0, 2_000_000),
        "fetch('a')": (0, 2_000_000),
        "fetch('b')": (500_000, 1_000_000),
        "cleaning up": (1_000_000, 500_000),
        "fetch('c')": (1_500_000, 500_000),
        "broken: over 1": (500_000, 1_500_000),
    }


def test_the_count_of_the_running_stands_beside_the_limit(
    events: list[dict[str, Any]],
) -> None:
    counted = [
        (each["ts"], each["args"]["running"], each["args"]["limit"])
        for each in events
        if each["ph"] == "C"
    ]

    assert counted == [
        (0, 1, 1),
        (500_000, 2, 1),
        (1_500_000, 2, 1),
        (2_000_000, 0, 1),
    ]


def test_moments_are_instants(events: list[dict[str, Any]]) -> None:
    assert [(each["name"], each["ts"]) for each in events if each["ph"] == "i"] == [
        ("cancelled", 1_000_000),
        ("returned", 2_000_000),
    ]


def test_a_law_that_holds_has_no_trace() -> None:
    with pytest.raises(ValueError, match="at-most-limit has no timeline"):
        trace(verdict([]), law("at-most-limit"))


def test_what_our_answer_did_is_a_process_of_its_own() -> None:
    told = broken()
    assert told.timeline is not None
    ours = msgspec.structs.replace(told.timeline, broken_from=None, limit=1)
    document = json.loads(
        trace(verdict([told]), msgspec.structs.replace(told, ours=ours))
    )

    jsonschema.validate(document, FORMAT)
    names = [
        (event["pid"], event["args"]["name"])
        for event in document["traceEvents"]
        if event["name"] == "process_name"
    ]
    assert names == [(1, "semaphore"), (2, "semaphore, our answer")]
    assert {event["pid"] for event in document["traceEvents"]} == {1, 2}
