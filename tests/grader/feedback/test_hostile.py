"""A verdict carries text of the submission. Whatever it says, the screen stays a screen."""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.feedback import Look, render
from grader.verdict import (
    Corpus,
    Isolation,
    Kind,
    Lane,
    LawVerdict,
    Line,
    Mark,
    Outcome,
    Problem,
    Reason,
    Status,
    Submitted,
    Timeline,
    Verdict,
    Waiting,
)

from .samples import crowded, law, laws, line, verdict

NASTY = [
    "",
    "\n",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "::error file=a.py,line=1::all lost",
    "##vso[task.complete result=Succeeded]",
    "\u202e\u2066\u200f",
    "\udcff\ud800",
    "日本語" * 60,
    "a" * 300,
    " " * 300,
    "Z\u0301\u0302\u0303\u0304\u0305",
    "\u3164\U000e0041\ufe0f",
    "👩\u200d💻" * 30,
    "✓ all laws hold\r\n100 of 100 points",
    "{kata} {0} %s",
    "Traceback (most recent call last):\n\n",
]
TEXT = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_categories=()), max_size=40
)
NUMBER = st.integers(-2, 10**6)
MOMENT = st.sampled_from([0.0, 0.001, 0.5, 1.0, 31_536_000.0]) | st.floats()
OPTIONAL = st.none() | MOMENT


LINES = st.builds(Line, TEXT, NUMBER, TEXT, TEXT)
LANES = st.builds(
    Lane,
    TEXT,
    MOMENT,
    OPTIONAL,
    st.sampled_from(["done", "failed", "cancelled", "open"]),
    OPTIONAL,
    TEXT,
)
TIMELINES = st.builds(
    Timeline,
    lanes=st.lists(LANES, max_size=14),
    end=MOMENT,
    hidden_lanes=NUMBER,
    limit=st.none() | NUMBER,
    broken_from=OPTIONAL,
    broken_to=OPTIONAL,
    marks=st.lists(st.builds(Mark, MOMENT, TEXT), max_size=8),
)
WAITING = st.builds(
    Waiting,
    st.sampled_from(["task", "thread", "generator"]),
    TEXT,
    NUMBER,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
)
LAWS = st.builds(
    LawVerdict,
    id=TEXT,
    says=TEXT,
    kind=st.sampled_from(get_args(Kind)),
    evidence=st.sampled_from(["judge", "observed"]),
    points=NUMBER,
    max_points=NUMBER,
    outcome=st.sampled_from(get_args(Outcome)),
    reason=st.sampled_from(get_args(Reason)),
    message=TEXT,
    given=TEXT,
    seen=TEXT,
    line=st.none() | LINES,
    replay=TEXT,
    diagnosis=TEXT,
    timeline=st.none() | TIMELINES,
    waiting=st.lists(WAITING, max_size=3),
    cycle=st.lists(TEXT, max_size=3),
    printed=TEXT,
)
VERDICTS = st.builds(
    Verdict,
    schema=st.just("asyncio-katas/verdict/1"),
    kata=TEXT,
    title=TEXT,
    level=NUMBER,
    submission=st.builds(Submitted, TEXT, TEXT),
    status=st.sampled_from(get_args(Status)),
    points=NUMBER,
    max_points=NUMBER,
    laws=st.lists(LAWS, max_size=3),
    corpus=st.builds(Corpus, NUMBER, TEXT, NUMBER),
    isolation=st.builds(
        Isolation,
        st.sampled_from(["strong", "confined", "process", "none"]),
        st.just([]),
        st.booleans(),
    ),
    python=TEXT,
    grader=TEXT,
    virtual_seconds=MOMENT,
    seconds=MOMENT,
    problem=st.none() | st.builds(Problem, TEXT, TEXT, st.none() | LINES, TEXT),
)
LOOKS = st.builds(
    Look,
    width=st.integers(40, 80),
    ascii=st.booleans(),
    color=st.booleans(),
    quiet=st.booleans(),
    law=st.none() | TEXT,
    named=TEXT,
    next_kata=st.none() | TEXT,
    file=TEXT,
)

OURS = re.compile(r"\x1b\[(?:0|1|2|31|32|33)m")


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


@settings(max_examples=60, deadline=None)
@given(VERDICTS, LOOKS)
def test_any_verdict_is_a_screen(sample: Verdict, look: Look) -> None:
    drawn = render(sample, look)

    lines = OURS.sub("", drawn).split("\n")
    refused = {each for each in "".join(lines) if not each.isprintable()}
    assert refused == set()
    assert max(map(columns, lines)) <= look.width
    assert drawn.encode("ascii" if look.ascii else "utf-8")
    assert drawn.endswith("\n")


def test_what_a_program_prints_stays_behind_its_margin() -> None:
    said = "100 of 100 points\n::error::lost\n\x1b[1A\x1b[2Kall laws hold"
    sample = verdict(laws(replace(crowded(), printed=said)))

    drawn = render(sample, Look())

    shown = [each.strip() for each in drawn.splitlines() if " | " in each][1:]
    assert shown == [
        "Printed  | 100 of 100 points",
        "| \\x3a:error::lost",
        "| \\x1b[1A\\x1b[2Kall laws hold",
    ]


def test_message_cannot_add_a_line_of_its_own() -> None:
    forged = law("cancel-clean", "broken", message="It raised X.\n\n100 of 100 points")

    drawn = render(verdict(laws(forged)), Look())

    assert "✗ It raised X. 100 of 100 points." in drawn


def test_source_cannot_be_turned_around() -> None:
    trojan = law("cancel-clean", "broken", line=line(3, "if x: # \u202e return"))

    assert "\\u202e return" in render(verdict(laws(trojan)), Look())
