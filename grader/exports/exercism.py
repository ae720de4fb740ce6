"""Exercism's `results.json`, version 3, for one kata."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.classroom.marks import Mark
from grader.exports.sheet import Part, Sheet

LONGEST = 65_535
"""Letters of a top-level message that the host takes."""

_STATUS = {"holds": "pass", "broken": "fail", "not reached": "fail"}


def results(mark: Mark) -> bytes:
    """Return the document for one kata; its tests stand in the order of the laws."""
    sheet = Sheet([mark])
    parts = [part for part in sheet.parts() if part.law and part.law != "late"]
    if not parts:
        (whole,) = sheet.parts()
        message = whole.text[:LONGEST]
        return msgspec.json.encode(
            {"version": 3, "status": "error", "message": message}
        )
    passed = all(part.outcome == "holds" for part in parts)
    document = {
        "version": 3,
        "status": "pass" if passed else "fail",
        "message": None,
        "tests": [_test(part, number) for number, part in enumerate(parts, 1)],
    }
    return msgspec.json.encode(document)


def _test(part: Part, number: int) -> dict[str, Any]:
    status = _STATUS.get(part.outcome, "error")
    test = {
        "name": part.name,
        "test_code": part.name,
        "status": status,
        "task_id": number,
    }
    return test if status == "pass" else test | {"message": part.text or part.name}
