"""What our own answer did is drawn where one law is looked at."""

import msgspec

from grader.feedback import render
from grader.feedback.details import first_trouble
from grader.feedback.look import Look
from grader.verdict import Lane, Timeline
from tests.grader.feedback.samples import law, verdict

THEIRS = Timeline([Lane("fetch('a')", 0.0, 2.0, "done")], 2.0)
OURS = Timeline([Lane("fetch('a')", 0.0, 1.0, "done")], 1.0)
BROKEN = msgspec.structs.replace(
    law("at-most-limit", "broken"), timeline=THEIRS, ours=OURS
)


def test_of_one_law_our_run_is_drawn_under_the_learners() -> None:
    told = render(verdict([BROKEN]), Look(law="at-most-limit"))

    assert "Our answer, on the same inputs:\n\n" in told
    assert told.count("fetch('a')") == 2


def test_of_all_laws_it_would_be_too_much() -> None:
    assert "Our answer" not in render(verdict([BROKEN]), Look())


def test_the_law_that_held_on_most_cases_is_nearest_to_done() -> None:
    far = msgspec.structs.replace(law("at-most-limit", "broken"), cases=2)
    near = msgspec.structs.replace(law("results-in-order", "broken"), cases=9)
    late = msgspec.structs.replace(law("free-slot-used", "out of time"), cases=30)

    assert first_trouble([far, near, late], nearest=True) is near
    assert first_trouble([far, near, late]) is far
    assert first_trouble([late], nearest=True) is late
    assert first_trouble([law("nothing-left", "holds")], nearest=True) is None
