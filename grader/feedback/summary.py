"""The one line that says how it went, and the one that says what it is worth."""

from __future__ import annotations

from grader.feedback.look import Look
from grader.feedback.rows import Row, Style
from grader.feedback.sentences import duration, plural, sentence, tally
from grader.feedback.text import cut, join, width_of, wrap
from grader.verdict import LawVerdict, Verdict

NOTHING_GRADED = "Nothing was graded."
MAX_TRIED = 3
"""How many forbidden attempts a screen names."""

NO_POINTS = "No points were counted"


def is_not_started(verdict: Verdict) -> bool:
    """Say whether the submission is a stub still: no law had anything to look at."""
    laws = verdict.laws
    return bool(laws) and all(law.reason == "not started" for law in laws)


def summary_rows(verdict: Verdict, look: Look) -> list[Row]:
    """Return the summary, in more than one line where it has to be."""
    lines = join(_parts(verdict, look), _dot(look), look.width)
    return [[(line, _style(verdict))] for line in lines]


def quiet_row(verdict: Verdict, look: Look) -> Row:
    """Return the summary in a single line."""
    parts = _parts(verdict, look)
    if verdict.status == "unloadable" and verdict.problem is not None:
        parts = [f"Could not load: {sentence(verdict.problem.message)}", *parts]
    text = cut(_dot(look).join(parts), look.width, look.symbols.cut)
    return [(text, _style(verdict))]


def _dot(look: Look) -> str:
    return f" {look.symbols.dot} "


def _style(verdict: Verdict) -> Style:
    styles: dict[str, Style] = {"pass": "good", "fault": "warn"}
    return styles.get(verdict.status, "bold")


def _parts(verdict: Verdict, look: Look) -> list[str]:
    worth = _worth(verdict, look)
    if verdict.status == "unloadable" or is_not_started(verdict):
        return worth
    whole = [*worth, _time(verdict)]
    # The virtual time is the first thing that a line can do without.
    fits = width_of(_dot(look).join(whole)) <= look.width
    return whole if fits else [*worth, duration(verdict.seconds)]


def _worth(verdict: Verdict, look: Look) -> list[str]:
    laws = verdict.laws
    points = f"{verdict.points} of {verdict.max_points} points"
    if verdict.status == "unloadable":
        return [NOTHING_GRADED]
    if verdict.status == "fault":
        return [NO_POINTS, *([tally(laws)] if laws else [])]
    if is_not_started(verdict):
        return [points, f"{plural(len(laws), 'law')} waiting"]
    law = next((law for law in laws if law.id == look.law), None)
    return _of_one(law) if law is not None else [points, _laws(verdict)]


def _laws(verdict: Verdict) -> str:
    laws = verdict.laws
    if any(law.outcome != "holds" for law in laws):
        return tally(laws)
    whole = f"all {len(laws)} laws hold" if len(laws) != 1 else "the law holds"
    return f"{whole} on {plural(verdict.corpus.cases, 'case')}"


def _of_one(law: LawVerdict) -> list[str]:
    points = f"{law.id}: {law.points} of {law.max_points} points"
    held = f"holds on {plural(law.cases, 'case')}"
    return [points, held if law.outcome == "holds" else law.outcome]


def _time(verdict: Verdict) -> str:
    real = duration(verdict.seconds)
    if verdict.virtual_seconds > 0:
        return f"{real} ({duration(verdict.virtual_seconds)} virtual)"
    return real


def foot_rows(verdict: Verdict, look: Look) -> list[Row]:
    """Return what was tried that no submission may do, and what the result is worth."""
    texts = _forbidden(verdict)
    if not verdict.isolation.official:
        level = verdict.isolation.level
        unwatched = ", and no deadlines" if level == "none" else ""
        texts.append(f"Isolation: {level}{unwatched}. This result is unofficial.")
    return [[(line, "dim")] for text in texts for line in wrap(text, look.width)]


def _forbidden(verdict: Verdict) -> list[str]:
    stopped = (
        "it was stopped."
        if verdict.isolation.official
        else "at this isolation level nothing stops it."
    )
    return [
        f"Line {tried.line} {tried.what}. No submission may; {stopped}"
        for tried in verdict.tried[:MAX_TRIED]
    ]
