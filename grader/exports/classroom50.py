"""Classroom 50's `result.json`, schema `classroom50/result/v1`.

The host tells an autograder whose work it is by environment variables; here they are
handed over as `facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from grader.exports.sheet import Part, Sheet

SCHEMA = "classroom50/result/v1"
FACTS = (
    "classroom",
    "assignment",
    "assignment_type",
    "owner",
    "submission",
    "commit",
    "release",
    "review",
    "datetime",
)
"""What the host says of the submission; all of it must stand in the document."""


class OurFault(Exception):
    """There is no result: an autograder ends with an error, and costs nobody anything."""


def result(sheet: Sheet, facts: Mapping[str, str]) -> bytes:
    """Return the document; raise `OurFault` where nothing can be said of the work."""
    if sheet.points is None:
        raise OurFault(sheet.log)
    document: dict[str, Any] = {"schema": SCHEMA}
    document |= {name: facts[name] for name in FACTS}
    document |= {
        "score": sheet.points,
        "max-score": sheet.possible,
        "tests": [_test(part) for part in sheet.parts()],
    }
    return msgspec.json.encode(document)


def _test(part: Part) -> dict[str, Any]:
    # No score may be below 0 here: what lateness costs is in the sum alone.
    return {
        "test-name": part.title,
        "passed": part.outcome == "holds",
        "score": max(0, part.points),
        "max-score": part.possible,
        "output": part.text,
    }
