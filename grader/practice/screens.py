"""What hints, progress and solutions look like in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.look import Look
from grader.feedback.rows import Row, Style, labelled, offer, paint
from grader.feedback.text import join, wrap
from grader.practice.advice import Advice
from grader.practice.hints import Hint
from grader.practice.overview import Overview, Place, State
from grader.practice.solutions import Strategy

STYLES: dict[State, Style] = {"passed": "good", "begun": "bad", "not begun": ""}
CHANGED = "*"


def hint_screen(hint: Hint, named: str, look: Look, *, is_open: bool) -> str:
    """Return a hint, the law that it is for, and how to get the next.

    `is_open` says that the learner may see our answers.
    """
    rows: list[Row] = [[(line, "bold")] for line in wrap(hint.law.says, look.width)]
    rows += [[], [(f"Hint {hint.step} of {hint.steps}", "dim")]]
    rows += [[("  ", ""), (line, "")] for line in wrap(hint.text, look.width - 2)]
    if hint.step < hint.steps and look.keys:
        return paint(rows, look)
    rows.append([])
    if hint.step < hint.steps:
        again = f"kata hint {named} --law {hint.law.id}"
        rows += offer("More", again, "the next hint of this law", look)
    else:
        ours = f"kata solution {named}{'' if is_open else ' --give-up'}"
        rows += offer("Ours", ours, "our answers", look)
    if not look.keys:
        rows += offer("Next", f"kata test {named}", "which laws hold now", look)
    return paint(rows, look)


def progress_screen(found: Overview, named: str, look: Look) -> str:
    """Return how far a learner is; `named` names the kata to go on with."""
    rows: list[Row] = [[(standing_line(found, look), "bold")], _bar(found, look), []]
    for title, places in found.tracks():
        rows += [[(title, "dim")], *_places(places, look), []]
    rows += [[(line, "dim")] for line in join(_legend(found, look), "   ", look.width)]
    place = found.next()
    if place is not None:
        rows += [[], *next_rows(place, named, look)]
    return paint(rows, look)


def standing_line(found: Overview, look: Look) -> str:
    """Return how many katas and points there are so far."""
    katas = f"{found.passed} of {len(found.places)} katas"
    points = f"{found.points} of {found.possible} points"
    return f"{katas} {look.symbols.dot} {points}"


def next_rows(place: Place, named: str, look: Look) -> list[Row]:
    """Return the one command to go on with."""
    if place.state == "begun":
        laws = "1 law" if place.left == 1 else f"{place.left} laws"
        return offer("Next", f"kata test {named}", f"{laws} left", look)
    about = f"level {place.kata.level}, about {place.kata.minutes} minutes"
    return offer("Next", f"kata start {named}", about, look)


def _bar(found: Overview, look: Look) -> Row:
    share = found.points / max(1, found.possible)
    room = look.width - len("  100%")
    full = int(room * share)
    bar = look.symbols.bar * full + look.symbols.idle * (room - full)
    return [(bar, ""), (f"  {int(100 * share):>3}%", "dim")]


def _symbols(look: Look) -> dict[State, str]:
    signs = look.symbols
    return {
        "passed": signs.holds,
        "begun": signs.broken,
        "not begun": signs.not_reached,
    }


def _places(places: Sequence[Place], look: Look) -> list[Row]:
    shown = [_shown(place, look) for place in places]
    return [[("  ", ""), (line, "")] for line in join(shown, "  ", look.width - 2)]


def _shown(place: Place, look: Look) -> str:
    points = f" {place.standing.points}" if place.state == "begun" else ""
    changed = CHANGED if place.changed and place.state != "not begun" else ""
    return f"{_symbols(look)[place.state]} {place.kata.slug}{points}{changed}"


def _legend(found: Overview, look: Look) -> list[str]:
    signs = _symbols(look)
    parts = [
        f"{signs['passed']} every law holds",
        f"{signs['begun']} points so far",
        f"{signs['not begun']} not begun",
    ]
    if any(place.changed for place in found.places):
        parts.append(f"{CHANGED} changed since")
    return parts


def advice_screen(found: Sequence[Advice], look: Look) -> str:
    """Return advice as rows of the screen of a verdict; nothing if there is none."""
    rows: list[Row] = []
    for each in found:
        text = f"line {each.line}: {each.text} ({each.rule})"
        rows += labelled("Advice" if not rows else "", text, look)
    return paint(rows, look)


def solution_screen(
    shown: Strategy, others: Sequence[Strategy], named: str, look: Look
) -> str:
    """Return one of our answers, then the other strategies and what each trades."""
    rows: list[Row] = [[(line, "")] for line in shown.source.rstrip().splitlines()]
    if others:
        rows += [[], [("Other ways", "bold")]]
    for other in others:
        rows += [[("  ", ""), (other.name, "bold")]]
        rows += [
            [("    ", ""), (line, "")] for line in wrap(other.trades, look.width - 4)
        ]
    if others:
        command = f"kata solution {named} {others[0].name}"
        rows += [[], *offer("Read", command, "one of them", look)]
    return paint(rows, look)
