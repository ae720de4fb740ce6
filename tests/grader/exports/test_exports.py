"""Every form is what its host takes, and all have the same totals."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.marks import Mark, Marks
from grader.classroom.roster import Student
from grader.exports import (
    canvas,
    classroom50,
    exercism,
    gradescope,
    junit,
    moodle,
    prairielearn,
)
from grader.exports.sheet import Sheet
from grader.verdict import LawVerdict, Outcome, Problem
from tests.grader.feedback.samples import verdict

KATAS = ("hello_await", "semaphore")
NUMBER = {"type": "number"}
WHOLE = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}

GRADESCOPE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tests"],
    "properties": {
        "score": NUMBER,
        "execution_time": NUMBER,
        "output": TEXT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "test_output_format": FORMAT,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": NUMBER,
                    "max_score": NUMBER,
                    "status": {"enum": ["passed", "failed"]},
                    "name": TEXT,
                    "number": TEXT,
                    "output": TEXT,
                    "tags": {"type": "array", "items": TEXT},
                },
            },
        },
    },
}
PRAIRIELEARN = {
    "type": "object",
    "required": ["gradable"],
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "format_errors": {"type": "array", "items": TEXT},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "points", "max_points"],
                "properties": {"points": NUMBER, "max_points": NUMBER},
            },
        },
    },
    "if": {"properties": {"gradable": {"const": True}}},
    "then": {"required": ["score", "tests"]},
    "else": {"required": ["format_errors"]},
}
EXERCISM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "status"],
    "properties": {
        "version": {"const": 3},
        "status": {"enum": ["pass", "fail", "error"]},
        "message": {"type": ["string", "null"], "maxLength": 65535},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "test_code", "status"],
                "properties": {
                    "name": TEXT,
                    "test_code": TEXT,
                    "status": {"enum": ["pass", "fail", "error"]},
                    "message": TEXT,
                    "task_id": WHOLE,
                },
                "if": {"properties": {"status": {"const": "pass"}}},
                "else": {"required": ["message"]},
            },
        },
    },
    "if": {"properties": {"status": {"const": "error"}}},
    "then": {"required": ["message"]},
    "else": {"required": ["tests"]},
}
CLASSROOM50 = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", *classroom50.FACTS, "score", "max-score", "tests"],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **{name: {"type": "string", "minLength": 1} for name in classroom50.FACTS},
        "assignment_type": {"enum": ["individual", "group"]},
        "submission": {"type": "string", "pattern": "^submit/"},
        "score": WHOLE,
        "max-score": WHOLE,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": {"type": "string", "minLength": 1},
                    "passed": {"type": "boolean"},
                    "score": WHOLE,
                    "max-score": WHOLE,
                },
            },
        },
    },
}
FACTS = {
    "classroom": "async",
    "assignment": "week-1",
    "assignment_type": "individual",
    "owner": "s-101",
    "submission": "submit/2026-11-21T10-00-00Z-abc",
    "commit": "commit",
    "release": "release",
    "review": "review",
    "datetime": "2026-11-21T10:00:00Z",
}


def law(number: int, outcome: Outcome, points: int) -> LawVerdict:
    return LawVerdict(
        id=f"law-{number}",
        says=f"law {number} holds",
        kind="correctness",
        evidence="judge",
        points=points if outcome == "holds" else 0,
        max_points=points,
        outcome=outcome,
        message="" if outcome == "holds" else "The law must hold; \x1b[31mit does not.",
    )


SYNTAX = Problem("syntax", "SyntaxError: invalid syntax")
OUTCOMES: list[Outcome] = ["holds", "broken", "not reached", "out of time"]
STUDENT = Student("s-101", {"student": "s-101", "email": "a@b.example", "canvas": "7"})


@st.composite
def graded(draw: st.DrawFn, kata: str) -> Mark:
    points = draw(st.lists(st.integers(1, 50), min_size=1, max_size=5))
    points = [*points, max(1, 100 - sum(points))]
    outcomes = draw(
        st.lists(st.sampled_from(OUTCOMES), min_size=len(points), max_size=len(points))
    )
    laws = [law(i, *each) for i, each in enumerate(zip(outcomes, points, strict=True))]
    earned = sum(each.points for each in laws)
    left = draw(st.integers(0, earned))
    return Mark(
        STUDENT, kata, "fail", earned, left, int(left < earned), "file", verdict(laws)
    )


@st.composite
def unjudged(draw: st.DrawFn, kata: str) -> Mark:
    unloadable = verdict([], status="unloadable", problem=SYNTAX, max_points=100)
    return draw(
        st.sampled_from(
            [
                Mark(STUDENT, kata, "missing", 0, 0),
                Mark(STUDENT, kata, "refused", 0, 0, file="f", refusal="f is a link."),
                Mark(STUDENT, kata, "unloadable", 0, 0, 0, "f", unloadable),
            ]
        )
    )


FAULT = Mark(STUDENT, "semaphore", "fault", None, None, 0, "file", log="it died")


def marks_of(kata: str) -> st.SearchStrategy[Mark]:
    return st.one_of(graded(kata), unjudged(kata))


ALL = st.tuples(*map(marks_of, KATAS)).map(list)


def table(marks: Sequence[Mark]) -> Marks:
    return Marks(KATAS, [STUDENT], {("s-101", each.kata): each for each in marks})


def valid(data: bytes, schema: dict[str, Any]) -> Any:
    document = json.loads(data)
    jsonschema.validate(document, schema)
    return document


@given(marks=ALL)
def test_all_forms_have_the_same_total(marks: list[Mark]) -> None:
    sheet = Sheet(marks)
    titles = {kata: f"{kata} (1)" for kata in KATAS}
    total = sum(mark.points or 0 for mark in marks)

    scope = valid(gradescope.results(sheet), GRADESCOPE)
    fifty = valid(classroom50.result(sheet, FACTS), CLASSROOM50)
    (canvas_row,) = csv.DictReader(io.StringIO(canvas.gradebook(table(marks), titles)))
    (moodle_row,) = csv.DictReader(io.StringIO(moodle.grades(table(marks))))
    xml = ET.fromstring(junit.report(sheet))
    properties = xml.findall("testsuite/properties/property[@name='points']")

    assert sheet.points == total
    assert sum(part.points for part in sheet.parts()) == total
    assert scope["score"] == total
    assert sum(each["score"] for each in scope["tests"]) == total
    assert (fifty["score"], fifty["max-score"]) == (total, 200)
    assert sum(int(canvas_row[title]) for title in titles.values()) == total
    assert sum(int(moodle_row[kata]) for kata in KATAS) == total
    assert sum(int(each.attrib["value"]) for each in properties) == total


@given(marks=ALL)
def test_prairielearn_has_the_same_share_or_says_what_was_refused(
    marks: list[Mark],
) -> None:
    told = valid(prairielearn.results(Sheet(marks)), PRAIRIELEARN)

    assert told == told | (
        {"score": sum(mark.points or 0 for mark in marks) / 200}
        if told["gradable"]
        else {"format_errors": ["f is a link.", "f is a link."]}
    )


@given(mark=marks_of("semaphore"))
def test_exercism_tells_each_law_in_its_order(mark: Mark) -> None:
    told = valid(exercism.results(mark), EXERCISM)

    laws = mark.verdict.laws if mark.verdict is not None else []
    assert [each["name"] for each in told.get("tests", [])] == [
        each.says for each in laws
    ]


@given(mark=marks_of("semaphore"))
def test_junit_counts_what_it_tells(mark: Mark) -> None:
    (suite,) = ET.fromstring(junit.report(Sheet([mark])))

    assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))


def test_our_fault_is_blank_in_every_form() -> None:
    sheet = Sheet([FAULT])
    marks = Marks(["semaphore"], [STUDENT], {("s-101", "semaphore"): FAULT})

    scope = valid(gradescope.results(sheet), GRADESCOPE)
    learn = valid(prairielearn.results(sheet), PRAIRIELEARN)
    (canvas_row,) = csv.reader(
        [canvas.gradebook(marks, {"semaphore": "S (1)"}).splitlines()[1]]
    )
    (moodle_row,) = csv.reader([moodle.grades(marks).splitlines()[1]])

    assert "score" not in json.dumps(scope)
    assert learn["gradable"] is False
    assert canvas_row[-1] == ""
    assert moodle_row[-2:] == ["", ""]
    with pytest.raises(classroom50.OurFault, match="it died"):
        classroom50.result(sheet, FACTS)


def test_who_is_not_on_the_roster_is_in_no_import() -> None:
    stranger = Student("=cmd")
    mark = Mark(stranger, "semaphore", "missing", 0, 0)
    marks = Marks(["semaphore"], [stranger], {("=cmd", "semaphore"): mark})

    assert len(canvas.gradebook(marks, {}).splitlines()) == 1
    assert len(moodle.grades(marks).splitlines()) == 1


def test_canvas_gets_no_column_that_it_would_make_an_assignment_of() -> None:
    marks = table([Mark(STUDENT, kata, "missing", 0, 0) for kata in KATAS])

    text = canvas.gradebook(marks, {"semaphore": "Semaphore (1234)"})

    assert text.splitlines()[0] == (
        "Student,ID,SIS User ID,SIS Login ID,Section,Semaphore (1234)"
    )
