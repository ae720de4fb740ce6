"""The results of a class as files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO

import msgspec

from grader.classroom.marks import Mark, Marks
from grader.verdict import Verdict

_RISKY = ("=", "+", "-", "@", "\t", "\r")


class Result(msgspec.Struct, frozen=True):
    """A line of `results.jsonl`. `points` is null where it is our fault."""

    student: str
    kata: str
    standing: str
    earned: int | None
    points: float | None
    days_late: int
    file: str
    refusal: str
    log: str
    verdict: Verdict | None


def write_grades(marks: Marks, path: Path) -> None:
    """Write a line for each student: points on each kata, and their sum."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        slugs = [kata.slug for kata in marks.katas]
        rows.writerow(["student", "name", "email", *slugs, "total", "possible"])
        for student in marks.students:
            columns = student.columns
            name = columns.get("name", "") or " ".join(
                columns[each] for each in ("first", "last") if each in columns
            )
            points = [shown(mark.points) for mark in marks.of(student)]
            total = shown(marks.total(student))
            person = [student.key, name, columns.get("email", "")]
            rows.writerow([*map(harmless, person), *points, total, marks.possible])


def write_results(marks: Marks, path: Path) -> None:
    """Write a JSON document a line, one for each student and kata."""
    with path.open("wb") as file:
        for mark in marks:
            _write(file, mark)


def _write(file: IO[bytes], mark: Mark) -> None:
    result = Result(
        mark.student.key,
        mark.kata,
        mark.standing,
        mark.earned,
        mark.points,
        mark.days_late,
        mark.entry.place if mark.entry is not None else "",
        mark.refusal,
        mark.log,
        mark.verdict,
    )
    file.write(msgspec.json.encode(result) + b"\n")


def shown(points: float | None) -> str:
    """Return points as a cell: nothing where nothing can be said."""
    return "" if points is None else f"{points:g}"


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
