"""Where you stand and what to type next, for those who type `kata` alone."""

from __future__ import annotations

import shlex

from grader import catalogue
from grader.cli import terminal
from grader.cli.streams import say


def begin() -> None:
    """Print how far the learner is and the one next command."""
    from grader.feedback.rows import Row, offer, paint
    from grader.practice.overview import overview
    from grader.practice.screens import next_rows, standing_line

    found = overview(catalogue.katas(*catalogue.roots()))
    look = terminal.look("auto", plain=False)
    rows: list[Row] = [[(standing_line(found, look), "bold")], []]
    place = found.next()
    if place is not None:
        rows += next_rows(place, shlex.join(place.kata.named), look)
    rows += offer("List", "kata list", "every kata, in learning order", look)
    rows += offer("Help", "kata -h", "every verb", look)
    say(paint(rows, look))
