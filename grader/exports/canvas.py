"""The CSV that Canvas imports into its gradebook."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from grader.classroom.marks import Marks
from grader.exports.tables import harmless, shown

_PERSON = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def gradebook(marks: Marks, titles: Mapping[str, str]) -> str:
    """Return the file: a column for each kata that `titles` gives one.

    A title is `Semaphore (1234)`, as Canvas exports it: by the number it finds the
    assignment again. For any other it would make a new one, so a kata without a title is
    left out. Who is not on a roster is left out too.
    """
    katas = [kata for kata in marks.katas if kata in titles]
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow([*_PERSON, *(titles[kata] for kata in katas)])
    for student in marks.students:
        columns = student.columns
        if not columns:
            continue
        name = columns.get("name", "") or student.name or student.key
        person = [
            name,
            columns.get("canvas", ""),
            columns.get("number", ""),
            columns.get("login", columns.get("student", "")),
            columns.get("section", ""),
        ]
        points = [shown(marks.table[student.key, kata].points) for kata in katas]
        rows.writerow([*map(harmless, person), *points])
    return text.getvalue()
