"""The CSV that Moodle imports; its columns are mapped in the import's own form."""

from __future__ import annotations

import csv
import io

from grader.classroom.marks import Mark, Marks
from grader.exports.tables import harmless, shown


def grades(marks: Marks) -> str:
    """Return the file: points and a line of feedback for each kata.

    One unknown user makes Moodle refuse the whole file: who is not on the roster is left
    out. An empty cell is no grade, so our faults take nobody's.
    """
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    titles = [each for kata in marks.katas for each in (kata, f"{kata} feedback")]
    rows.writerow(["Email address", "ID number", *titles])
    for student in marks.students:
        columns = student.columns
        if not columns:
            continue
        person = [columns.get("email", ""), columns.get("number", student.key)]
        cells = [
            cell
            for mark in marks.of(student)
            for cell in (shown(mark.points), _feedback(mark))
        ]
        rows.writerow([*map(harmless, person), *cells])
    return text.getvalue()


def _feedback(mark: Mark) -> str:
    """Return which laws are broken, in one line; nothing where there is no grade."""
    if mark.points is None:
        return ""
    if mark.verdict is None:
        return harmless(mark.refusal) or "nothing was handed in"
    if mark.verdict.problem is not None:
        return f"could not load: {mark.verdict.problem.message}"
    lost = [law.says for law in mark.verdict.laws if law.outcome != "holds"]
    late = f" ({mark.days_late} days late)" if mark.days_late else ""
    return harmless("; ".join(lost) or "all laws hold") + late
