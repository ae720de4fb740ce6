"""Gradescope's `results.json`, as its autograder documentation has it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from grader.exports.sheet import Part, Sheet, Visibility

Format = Literal["text", "md", "ansi"]


def results(
    sheet: Sheet, visibility: Visibility = "visible", form: Format = "text"
) -> bytes:
    """Return the document for one student.

    A test that is hidden hides the student's total too, so all tests share one
    visibility. Where it was our fault there is no score at all: it cannot become a 0.
    """
    tests = [_test(part, number, form) for number, part in enumerate(sheet.parts(), 1)]
    document: dict[str, Any] = {
        "execution_time": sheet.seconds,
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "test_output_format": form,
        "tests": tests,
    }
    if sheet.points is not None:
        document["score"] = sheet.points
    else:
        document["output"] = "The grader failed: this is our fault, not yours."
        document["tests"] = [_without_score(test) for test in tests]
    return msgspec.json.encode(document)


def _without_score(test: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in test.items() if "score" not in name}


def _test(part: Part, number: int, form: Format) -> dict[str, Any]:
    return {
        "name": part.title,
        "number": str(number),
        "score": part.points,
        "max_score": part.possible,
        "status": "passed" if part.outcome == "holds" else "failed",
        "output": f"```\n{part.text}\n```" if form == "md" and part.text else part.text,
        "tags": [part.kata],
    }
