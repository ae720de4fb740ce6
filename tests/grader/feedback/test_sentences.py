from __future__ import annotations

from typing import get_args

import pytest

from grader.feedback.sentences import (
    NOTES,
    duration,
    moment,
    note,
    ring,
    seconds,
    sentence,
    tally,
    waits,
)
from grader.verdict import Reason, Waiting

from .samples import endless, law, laws, never_arose, ours


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (0, "0.0s"),
        (0.5, "0.5s"),
        (4, "4.0s"),
        (0.001, "0.001s"),
        (0.1 + 0.2, "0.3s"),
        (12.5, "12.5s"),
        (23, "23s"),
        (31_536_000, "31536000s"),
    ],
)
def test_span_in_seconds(span: float, text: str) -> None:
    assert (seconds(span), moment(span)) == (text, f"t={text}")


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (0, "0 ms"),
        (0.012, "12 ms"),
        (0.42, "0.4 s"),
        (23.2, "23 s"),
        (59.7, "1 min"),
        (3725, "1 h 2 min"),
        (86_400 * 365, "365 d"),
        (float("nan"), "0 s"),
        (-1, "0 s"),
    ],
)
def test_how_long_it_took(span: float, text: str) -> None:
    assert duration(span) == text


def test_every_reason_has_a_note_that_fits() -> None:
    assert set(NOTES) == set(get_args(Reason))
    assert max(map(len, NOTES.values())) <= 16


def test_the_four_words_are_never_mixed() -> None:
    judged = laws(
        law("results-in-order", "broken", reason="behaviour"),
        endless(),
        never_arose("cancel-clean"),
        ours("nothing-left"),
    )

    assert tally(judged) == (
        "5 laws hold, 1 broken, 1 not reached, 1 out of time, 1 grader fault"
    )


def test_one_law_that_holds_is_singular() -> None:
    assert tally([law("cancel-clean")]) == "1 law holds"


def test_short_message_is_its_own_note() -> None:
    assert note(never_arose("cancel-clean", "no one waited")) == "no one waited"


def test_long_message_leaves_a_general_note() -> None:
    assert (
        note(never_arose("cancel-clean", "no fetch was cancelled")) == "never came up"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\n  b", "a b."), ("Done.", "Done."), ("", ""), ("why?", "why?")],
)
def test_sentence_ends(text: str, shown: str) -> None:
    assert sentence(text) == shown


@pytest.mark.parametrize(
    ("what", "whom", "words"),
    [
        ("Lock.acquire", "Task-3", "waits for a lock that Task-3 holds"),
        ("Lock.acquire", "", "waits for a lock"),
        ("task Task-3", "Task-3", "waits for task Task-3"),
        ("asyncio.gather", "Task-3", "waits for asyncio.gather (Task-3)"),
        ("", "", "waits for something"),
    ],
)
def test_what_is_waited_for(what: str, whom: str, words: str) -> None:
    assert waits(Waiting("task", "Task-2", 1, "f", "", what, whom)) == words


def test_ring_closes() -> None:
    assert ring(["A", "B", "C"]) == "A waits for B, B waits for C, C waits for A."
