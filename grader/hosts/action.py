"""What a workflow of GitHub Actions runs: annotations in the log, a table in the summary."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader import catalogue
from grader.classroom.marks import Mark
from grader.hosts.one import Settings, grade_one

DONE, BROKEN, FAULT = 0, 1, 4
"""Exit codes, as those of `kata test`."""

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file in which the summary is told."""


def main(slugs: list[str]) -> int:
    """Grade these katas of the repository; return 0 if every law of each holds."""
    marks = [_grade(slug) for slug in slugs]
    for mark in marks:
        for line in notices(mark):
            sys.stdout.write(f"{line}\n")
    summary = os.environ.get(SUMMARY)
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write("\n".join(table(marks)) + "\n")
    if any(mark.points is None for mark in marks):
        return FAULT
    passed = all(mark.standing == "pass" for mark in marks)
    return DONE if passed else BROKEN


def _grade(slug: str) -> Mark:
    kata = catalogue.find(slug, catalogue.root())
    (mark,) = grade_one(kata.folder, Settings((slug,), seed=0)).marks
    return mark


def notices(mark: Mark) -> Iterator[str]:
    """Yield the commands that mark the lines at which laws were broken."""
    place = f"katas/{mark.kata}/{mark.kata}.py"
    if mark.points is None:
        yield _command("warning", place, 1, "The grader failed: our fault, not yours.")
        return
    if mark.verdict is None or mark.verdict.problem is not None:
        problem = mark.verdict.problem if mark.verdict is not None else None
        line = problem.line.line if problem is not None and problem.line else 1
        why = problem.message if problem is not None else mark.refusal
        yield _command("error", place, line, f"could not load: {why or 'no answer'}")
        return
    for law in mark.verdict.laws:
        if law.outcome in catalogue.LOST:
            line = law.line.line if law.line is not None else 1
            yield _command("error", place, line, law.message or law.says)


def _command(kind: str, place: str, line: int, text: str) -> str:
    """Return a workflow command; what would end it early is escaped."""
    told = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{kind} file={place},line={line}::{told}"


def table(marks: Iterable[Mark]) -> Iterator[str]:
    """Yield the summary in Markdown: a row for each kata, and the laws not kept."""
    found = list(marks)
    yield "| kata | points | laws not kept |"
    yield "| --- | ---: | --- |"
    for mark in found:
        points = "our fault" if mark.points is None else f"{mark.points} of 100"
        laws = mark.verdict.laws if mark.verdict is not None else []
        lost = [law.says for law in laws if law.outcome != "holds"]
        told = "; ".join(lost).replace("|", "\\|") or _otherwise(mark)
        yield f"| {mark.kata} | {points} | {told} |"


def _otherwise(mark: Mark) -> str:
    problem = mark.verdict.problem if mark.verdict is not None else None
    if problem is not None:
        first = problem.message.partition("\n")[0].replace("|", "\\|")
        return f"could not load: {first}"
    return mark.refusal


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
