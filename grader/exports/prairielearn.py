"""PrairieLearn's `results.json` for external graders."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.exports.sheet import Part, Sheet

LARGEST = 1_000_000
"""Bytes that the host takes."""


def results(sheet: Sheet) -> bytes:
    """Return the document for one student.

    Where nothing could be graded by our fault, or nothing was taken in, no attempt is
    lost: it is told as not gradable.
    """
    if sheet.points is None:
        said = "The grader failed: this is our fault, not yours. No attempt was used."
        return msgspec.json.encode({"gradable": False, "format_errors": [said]})
    refused = [mark.refusal for mark in sheet.marks if mark.standing == "refused"]
    if refused and len(refused) == len(sheet.marks):
        return msgspec.json.encode({"gradable": False, "format_errors": refused})
    document = {
        "gradable": True,
        "score": sheet.points / sheet.possible if sheet.possible else 0.0,
        "tests": [_test(part) for part in sheet.parts()],
    }
    data = msgspec.json.encode(document)
    return data if len(data) <= LARGEST else _short(document)


def _short(document: dict[str, Any]) -> bytes:
    for test in document["tests"]:
        test["output"] = test["output"][:500]
    return msgspec.json.encode(document)


def _test(part: Part) -> dict[str, Any]:
    # The host shows no points at all if one test lacks them.
    return {
        "name": part.title,
        "description": "",
        "points": part.points,
        "max_points": part.possible,
        "message": "",
        "output": part.text,
    }
