"""The page of a class, and the page that goes to one student and holds nobody else's data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.catalogue import LOST
from grader.classroom.alike import Pair, most_in_common
from grader.classroom.marks import Mark, Marks
from grader.classroom.roster import Student
from grader.feedback.clean import clean, clean_record
from grader.feedback.sentences import clock, sentence
from grader.interview.record import Record
from grader.report.pictures import Picture, picture
from grader.verdict import LawVerdict, Verdict

SYMBOLS = {
    "holds": "✓",
    "broken": "✗",
    "not reached": "○",
    "out of time": "…",
    "fault": "!",
}
_CODE = re.compile("`([^`]+)`")

EXAMPLES = 3
"""Of a law that many broke, so many timelines that differ are shown."""

BESIDE = 50
"""Of so many pairs that are alike, the most alike first, both answers are shown."""

SourceOf = Callable[[str], bytes | None]


@dataclass(frozen=True)
class LawColumn:
    """What became of a law over the class."""

    law: LawVerdict
    broken: int
    judged: int
    examples: Sequence[tuple[Student, LawVerdict]]


@dataclass(frozen=True)
class KataTable:
    """A kata's laws, and the students who handed something in."""

    kata: str
    laws: Sequence[LawColumn]
    rows: Sequence[Mark]
    passed: int
    mean: float | None
    most_broken: str


@dataclass(frozen=True)
class Beside:
    """Two answers that are alike: their sources, and the lines that both have.

    Lines that much of the class has are no sign of anything, and not among them.
    """

    pair: Pair
    sources: Sequence[tuple[str, bytes, Sequence[int]]]


def class_page(
    marks: Marks, pairs: Sequence[Pair], source_of: SourceOf, at: str
) -> str:
    """Return the page of a class; `at` says when it was graded."""
    return _render(
        "class.html",
        marks=marks,
        tables=[_table(kata, marks.on(kata)) for kata in marks.katas],
        people=[(each, marks.of(each)) for each in marks.students],
        faults=[mark for mark in marks if mark.standing == "fault"],
        pairs=list(_beside(pairs, marks, source_of)),
        source_of=source_of,
        at=at,
    )


def student_page(marks: Marks, student: Student, source_of: SourceOf, at: str) -> str:
    """Return the page of one student."""
    return _render(
        "student.html",
        student=student,
        results=marks.of(student),
        total=marks.total(student),
        possible=marks.possible,
        source_of=source_of,
        at=at,
    )


def verdict_page(verdict: Verdict, source: bytes, at: str) -> str:
    """Return the page of one verdict, with the timelines of what broke."""
    mark = _alone(verdict)
    return _render("verdict.html", mark=mark, source_of=lambda _: source, at=at)


def interview_page(told: Record, source: bytes, troubles: Sequence[str] = ()) -> str:
    """Return the page of an interview.

    `source` is what was saved last, `troubles` are what is wrong with the log.
    """
    return _render(
        "interview.html",
        told=told,
        mark=_alone(told.last) if told.last is not None else None,
        troubles=troubles,
        source_of=lambda _: source,
    )


def _alone(verdict: Verdict) -> Mark:
    """Return the mark of a verdict that is nobody's in a class."""
    points = None if verdict.status == "fault" else verdict.points
    name = verdict.submission.name
    return Mark(
        Student(""), verdict.kata, verdict.status, points, points, 0, name, verdict
    )


def _table(kata: str, marks: Iterable[Mark]) -> KataTable:
    rows = [mark for mark in marks if mark.file]
    judged = [mark for mark in rows if mark.verdict is not None and mark.verdict.laws]
    laws = list(_columns(judged))
    points = [mark.points for mark in rows if mark.points is not None]
    worst = max(laws, key=lambda column: column.broken, default=None)
    return KataTable(
        kata,
        laws,
        rows,
        sum(mark.standing == "pass" for mark in rows),
        sum(points) / len(points) if points else None,
        worst.law.says if worst is not None and worst.broken else "",
    )


def _columns(judged: Sequence[Mark]) -> Iterator[LawColumn]:
    first = judged[0].verdict if judged else None
    for law in first.laws if first is not None else []:
        found = [(mark.student, _law(mark, law.id)) for mark in judged]
        told = [(student, each) for student, each in found if each is not None]
        broken = [each for each in told if each[1].outcome in LOST]
        yield LawColumn(law, len(broken), len(told), list(_distinct(broken)))


def _law(mark: Mark, name: str) -> LawVerdict | None:
    laws = mark.verdict.laws if mark.verdict is not None else []
    return next((law for law in laws if law.id == name), None)


def _distinct(
    broken: Sequence[tuple[Student, LawVerdict]],
) -> Iterator[tuple[Student, LawVerdict]]:
    """Yield the most frequent ways in which a law was broken, one student for each."""
    drawn = [each for each in broken if each[1].timeline is not None]
    frequent = Counter(law.message for _, law in drawn)
    for message, _ in frequent.most_common(EXAMPLES):
        yield next(each for each in drawn if each[1].message == message)


def _beside(
    pairs: Sequence[Pair], marks: Marks, source_of: SourceOf
) -> Iterator[Beside]:
    common: dict[str, set[bytes]] = {}
    for number, pair in enumerate(pairs):
        sources: list[tuple[str, bytes]] = []
        if number < BESIDE:
            for who in (pair.left, pair.right):
                source = _source(marks, who, pair.kata, source_of)
                sources += [] if source is None else [(who, source)]
        if len(sources) < 2:  # noqa: PLR2004 (one alone is beside nothing)
            yield Beside(pair, [])
            continue
        if pair.kata not in common:
            common[pair.kata] = _common(marks.on(pair.kata), source_of)
        left, right = (_bare(source) for _, source in sources)
        both = (set(left) & set(right)) - common[pair.kata]
        yield Beside(
            pair,
            [(who, source, _places(source, both)) for who, source in sources],
        )


def _source(marks: Marks, student: str, kata: str, source_of: SourceOf) -> bytes | None:
    verdict = marks.table[student, kata].verdict
    return source_of(verdict.submission.sha256) if verdict is not None else None


def _common(rows: Sequence[Mark], source_of: SourceOf) -> set[bytes]:
    """Return the lines that so many of the class have that they say nothing."""
    having: Counter[bytes] = Counter()
    for mark in rows:
        if mark.verdict is not None:
            source = source_of(mark.verdict.submission.sha256)
            having.update(set(_bare(source or b"")))
    most = most_in_common(len(rows))
    return {line for line, count in having.items() if count > most} | {b""}


def _bare(source: bytes) -> list[bytes]:
    return [line.strip() for line in source.split(b"\n")]


def _places(source: bytes, lines: set[bytes]) -> list[int]:
    return [number for number, line in enumerate(_bare(source), 1) if line in lines]


# --- what the templates ask for ---------------------------------------------------


def _render(template: str, **given: Any) -> str:
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("style.css").render()
    environment.globals |= {
        "draw": _picture,
        "lines_of": _lines,
        "law_in": _law,
        "symbols": SYMBOLS,
        "style": Markup(style),
    }
    environment.filters |= {
        "clock": clock,
        "coded": _coded,
        "plain": clean,
        "sentence": sentence,
        "harmless": _harmless,
    }
    return environment.get_template(template).render(**given)


def _coded(text: str) -> Markup:
    """Return a text of the kata with what stands between backticks set as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def _harmless(law: LawVerdict) -> LawVerdict:
    """Return a law's verdict with nothing in it that is not plain text."""
    return clean_record(law, ascii_only=False)


def _picture(law: LawVerdict, ours: bool = False) -> Picture | None:  # noqa: FBT001, FBT002
    if ours:
        return picture(law.ours, "what our answer did") if law.ours else None
    return picture(law.timeline, law.message) if law.timeline is not None else None


def _lines(source: bytes, marked: Sequence[int]) -> list[tuple[int, str, bool]]:
    """Return the lines of a source: number, text, and whether it is one to look at."""
    text = source.decode("utf-8", "replace").split("\n")
    return [
        (number, clean(line, ascii_only=False), number in marked)
        for number, line in enumerate(text, 1)
    ]
