"""The page of a class and of a student: all that is known, harmless, and nobody else's."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from grader.classroom.alike import Pair
from grader.classroom.marks import Mark, Marks
from grader.classroom.roster import Student
from grader.report.pages import class_page, student_page, verdict_page
from grader.verdict import (
    Lane,
    LawVerdict,
    Line,
    Outcome,
    Submitted,
    Timeline,
    Verdict,
)
from tests.grader.feedback.samples import verdict

EVIL = "<script>alert(1)</script>\x1b[31m"
SOURCE = b"import asyncio\nawait_me = '<b>bold</b>'\n"
VOID = {"meta"}


class Reader(HTMLParser):
    """Reads a page: which elements there are, that each is closed, what is linked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def law(number: int, outcome: Outcome) -> LawVerdict:
    lanes = [
        Lane(f"fetch({EVIL})", 0.0, 2.0, "done"),
        Lane("fetch('b')", 0.5, None, "cancelled", cleanup=1.0, note="3 of 2"),
    ]
    return LawVerdict(
        id=f"law-{number}",
        says=f"law {number} holds",
        kind="correctness",
        evidence="judge",
        points=50 if outcome == "holds" else 0,
        max_points=50,
        outcome=outcome,
        message="" if outcome == "holds" else f"It must hold; it said {EVIL}.",
        line=Line("semaphore.py", 2, "f", "await_me"),
        timeline=Timeline(lanes, 3.0, broken_from=1.0, broken_to=2.0),
    )


def marks() -> Marks:
    graded = verdict([law(1, "holds"), law(2, "broken")])
    students = [
        Student(f"s-{number}", {"name": f"N{number}"}) for number in range(101, 106)
    ]
    rows = [
        Mark(students[0], "semaphore", "fail", 50, 40, 2, "f", graded),
        Mark(students[1], "semaphore", "fault", None, None, 0, "f", log="it <died>"),
        Mark(students[2], "semaphore", "missing", 0, 0),
        Mark(students[3], "semaphore", "refused", 0, 0, 0, "f", refusal="is a link."),
        Mark(students[4], "semaphore", "fail", 50, 50, 0, "f", graded),
    ]
    table = {(mark.student.key, "semaphore"): mark for mark in rows}
    return Marks(["semaphore"], students, table)


def source_of(_: str) -> bytes:
    return SOURCE


@pytest.fixture
def page() -> Reader:
    pairs = [Pair("semaphore", "s-101", "s-105", 0.9)]
    return Reader(class_page(marks(), pairs, source_of, "today"))


def test_a_class_has_all_its_sections(page: Reader) -> None:
    assert not page.open
    assert {"summary", "laws", "students", "alike", "faults", "downloads"} <= set(
        page.ids
    )
    assert "s-101, s-105/semaphore: 90% alike" in page.text
    assert page.text.count("Marked: lines that both have, and few others.") == 1
    assert "it <died>" in page.text
    assert "2 days late: of 50 points 40 are left." in page.text


def test_every_link_within_the_page_leads_somewhere(page: Reader) -> None:
    inside = {link[1:] for link in page.links if link.startswith("#")}

    assert inside <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_what_a_submission_says_is_text_and_nothing_else(page: Reader) -> None:
    assert "script" not in page.seen
    assert "b" not in page.seen
    assert "<script>alert(1)</script>\\x1b[31m" in page.text
    assert "<b>bold</b>" in page.text


def test_a_law_that_was_broken_in_one_way_is_drawn_once(page: Reader) -> None:
    # Once for the law, and once for each of the two who broke it.
    assert page.seen.count("svg") == 3


def test_the_page_of_a_student_holds_nobody_elses_data() -> None:
    (student, *others) = marks().students

    text = Reader(student_page(marks(), student, source_of, "today")).text

    assert "40 of 100 points" in text
    assert "await_me" in text
    for other in others:
        assert other.key not in text
        assert other.name not in text


def test_nothing_is_asked_of_any_other_place() -> None:
    page = class_page(marks(), [], source_of, "today")

    assert "http:" not in page
    assert "https:" not in page
    assert "default-src 'none'" in page


def test_the_page_of_a_verdict_has_its_laws_its_pictures_and_the_marked_source() -> (
    None
):
    page = Reader(verdict_page(verdict([law(1, "broken")]), SOURCE, "today"))

    assert page.open == []
    assert "script" not in page.seen
    assert page.seen.count("svg") == 1
    assert "0 of 100 points" in page.text
    assert "law 1 holds" in page.text
    assert "   2 > await_me" in page.text


def test_what_a_law_says_is_set_with_its_code_and_nothing_else_of_it_is_markup() -> (
    None
):
    told = replace(
        law(1, "holds"), says="`amain` and `a < b` come <i>before</i> the end"
    )

    page = verdict_page(verdict([told]), SOURCE, "today")

    assert (
        "<code>amain</code> and <code>a &lt; b</code> come &lt;i&gt;before&lt;/i&gt; the end"
    ) in page


def test_of_two_that_are_alike_the_lines_are_marked_that_few_others_have() -> None:
    sources = {
        f"{number}" * 64: f"import asyncio\nrare = {number < 2}\n# {number}\n".encode()
        for number in range(6)
    }
    students = [Student(f"s-{number}", {}) for number in range(6)]
    rows = {
        (student.key, "semaphore"): Mark(
            student, "semaphore", "pass", 0, 0, 0, "f", handed_in(sha256)
        )
        for student, sha256 in zip(students, sources, strict=True)
    }
    table = Marks(["semaphore"], students, rows)

    page = class_page(
        table, [Pair("semaphore", "s-0", "s-1", 1.0)], sources.get, "today"
    )

    marked = re.findall(r"<mark>(.*?)</mark>", page)
    assert marked == ["   2 > rare = True"] * 2


def handed_in(sha256: str) -> Verdict:
    return verdict([], submission=Submitted("semaphore.py", sha256))
