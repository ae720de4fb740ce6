"""What a lecturer reads when the class is graded: a table, and what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from grader.catalogue import LOST
from grader.classroom.alike import Pair
from grader.classroom.intake import TOLD, Entry, HandedIn, is_ahead
from grader.classroom.marks import Mark, Marks
from grader.feedback.sentences import plural
from grader.feedback.text import cut, wrap

WIDTH = 80
LISTED = 12
"""Lines of one kind that are told one by one; the report has them all."""


def summary(
    marks: Marks,
    found: HandedIn,
    seconds: float,
    graded: int,
    pairs: Sequence[Pair] = (),
    unkept: Sequence[str] = (),
) -> str:
    """Return the lines for stdout, at most 80 columns wide."""
    faults = [mark for mark in marks if mark.standing == "fault"]
    handed_in = [mark for mark in marks if mark.file]
    head = (
        f"Graded {plural(len(handed_in), 'submission')} of "
        f"{plural(len(marks.students), 'student')} in {seconds:.0f} s, "
        f"{graded} of them anew. Grader faults: {len(faults)}."
    )
    lines = [head, "", *_table(marks)]
    look = [*_unkept(unkept), *_look_at(marks, found), *_alike(pairs)]
    if look:
        lines += ["", "Look at these", *look]
    return "\n".join(lines)


def _table(marks: Marks) -> Iterator[str]:
    width = max([len(kata) for kata in marks.katas] + [4])
    yield f"  {'kata':{width}}  {'passed':>10}  {'mean':>5}  law broken most often"
    for kata in marks.katas:
        given = [mark for mark in marks.on(kata) if mark.file]
        passed = sum(mark.standing == "pass" for mark in given)
        points = [mark.points for mark in given if mark.points is not None]
        mean = f"{sum(points) / len(points):.1f}" if points else "-"
        row = f"  {kata:{width}}  {f'{passed} of {len(given)}':>10}  {mean:>5}  "
        yield (row + cut(_most_broken(given), WIDTH - len(row), "…")).rstrip()


def _most_broken(marks: list[Mark]) -> str:
    broken = Counter(
        law.says
        for mark in marks
        if mark.verdict is not None
        for law in mark.verdict.laws
        if law.outcome in LOST
    )
    if not broken:
        return ""
    law, times = broken.most_common(1)[0]
    return f"{law} ({times})"


def _look_at(marks: Marks, found: HandedIn) -> Iterator[str]:
    yield from _few([_where(mark) for mark in marks if mark.standing == "fault"])
    refused = [mark for mark in marks if mark.standing == "refused" and mark.file]
    yield from _few([_where(mark) for mark in refused])
    yield from _few([_where(mark) for mark in marks if mark.standing == "unloadable"])
    yield from _few([_late(mark) for mark in marks if mark.days_late and mark.earned])
    yield from _few([_called_late(each) for each in found.entries if each.late])
    yield from _ahead([each for each in found.entries if is_ahead(each.at)])
    yield from _few([(key, " ".join(why)) for key, why in found.unread.items()])
    yield from _few(
        [
            (
                key,
                f"{plural(len(places), 'file')} for no kata: {', '.join(places[:TOLD])}",
            )
            for key, places in found.leftovers.items()
        ]
    )
    yield from _people(found.strangers, "handed in, and not on the roster")
    yield from _people(found.silent, "handed in nothing")


def _where(mark: Mark) -> tuple[str, str]:
    where = f"{mark.student.key}/{mark.kata}"
    if mark.standing == "fault":
        first = mark.log.strip().splitlines()
        return (
            where,
            f"our fault, not the student's: {first[0] if first else 'unknown'}",
        )
    if mark.standing == "refused":
        return where, f"not taken in: {mark.refusal}"
    problem = mark.verdict.problem if mark.verdict is not None else None
    told = problem.message if problem is not None else ""
    line = problem.line if problem is not None else None
    at = f", {line.file}:{line.line}" if line is not None else ""
    return where, f"could not load: {told}{at}"


def _late(mark: Mark) -> tuple[str, str]:
    days = plural(mark.days_late, "day")
    where = f"{mark.student.key}/{mark.kata}"
    return where, f"{days} late: {mark.points} of {mark.earned} points are left"


def _called_late(entry: Entry) -> tuple[str, str]:
    where = f"{entry.student.key}/{entry.kata}"
    return where, "its host calls it late, but does not say by how much; see --deadline"


def _ahead(entries: list[Entry]) -> Iterator[str]:
    """Tell of clocks that are wrong in one line: one clock may have stamped the class."""
    if not entries:
        return
    last = max(entries, key=lambda each: each.at)
    where = f"{last.student.key}/{last.kata}"
    at = last.at.isoformat(" ", "minutes")
    others = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
    yield from _indented(
        f"{where}{others}: changed at {at}, which is still to come: a clock is wrong; "
        "nothing was taken off for lateness"
    )


def _unkept(why: Sequence[str]) -> Iterator[str]:
    if why:
        yield from _indented(
            f"not everything could be recorded ({len(why)} times); the results below "
            f"count all the same, and are graded again the next time: {why[0]}"
        )


def _few(told: list[tuple[str, str]]) -> Iterator[str]:
    for where, what in told[:LISTED]:
        yield from _indented(f"{where}: {what}")
    if len(told) > LISTED:
        yield f"  and {len(told) - LISTED} more of this kind"


def _alike(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs[:LISTED]:
        yield from _indented(str(pair))
    if len(pairs) > LISTED:
        yield f"  and {len(pairs) - LISTED} more pairs that are alike"


def _people(keys: list[str], what: str) -> Iterator[str]:
    if keys:
        shown = ", ".join(keys[:LISTED])
        more = f" and {len(keys) - LISTED} more" if len(keys) > LISTED else ""
        yield from _indented(f"{shown}{more}: {what}")


def _indented(text: str) -> Iterator[str]:
    first, *more = wrap(text, WIDTH - 4)
    yield f"  {first}"
    yield from (f"    {each}" for each in more)
