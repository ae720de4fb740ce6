"""Everything that helps to understand why one law does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.laws import STYLES
from grader.feedback.look import Look
from grader.feedback.rows import (
    ASIDE,
    INDENT,
    Row,
    command,
    labelled,
    marked,
    source,
    under,
)
from grader.feedback.sentences import REASONS, plural, ring, sentence, waits
from grader.feedback.text import cut, wrap
from grader.feedback.timeline import timeline_rows
from grader.verdict import LawVerdict, Line, Verdict, Waiting

MAX_PRINTED = 6
MAX_WAITING = 8
GUTTER = "| "

_RANK = ("broken", "out of time", "not reached")


def first_trouble(
    laws: Sequence[LawVerdict], *, nearest: bool = False
) -> LawVerdict | None:
    """Return the law to explain: the first broken one, or else the first that failed.

    Of those that are broken the `nearest` to done is the one that held on most cases.
    """
    for outcome in _RANK:
        found = [law for law in laws if law.outcome == outcome]
        if found:
            return max(found, key=lambda law: law.cases) if nearest else found[0]
    return None


def detail_rows(law: LawVerdict, verdict: Verdict, look: Look) -> list[Row]:
    """Return the message of a law, its timeline, and all that is known besides."""
    blank: list[Row] = [[]]
    picture = timeline_rows(law.timeline, look) if law.timeline is not None else []
    facts = _facts(law, verdict, look)
    return [
        *_headline(law, look),
        *(blank + picture if picture else []),
        *_ours(law, look),
        *(blank + facts if facts else []),
    ]


def _ours(law: LawVerdict, look: Look) -> list[Row]:
    """Return what our own answer did, where only this law is looked at."""
    if law.ours is None or look.law is None:
        return []
    said: list[Row] = [[], [("Our answer, on the same inputs:", "dim")], []]
    return [*said, *timeline_rows(law.ours, look)]


def _headline(law: LawVerdict, look: Look) -> list[Row]:
    rows = marked(look.symbols.of(law.outcome), message(law), STYLES[law.outcome], look)
    return rows + labelled("", REASONS.get(law.reason, ""), look)


def message(law: LawVerdict) -> str:
    """Return what is said of a law that does not hold."""
    text = sentence(law.message or law.says)
    if law.outcome == "broken":
        return text
    return f"{law.outcome.capitalize()}{': ' if text[:1].islower() else '. '}{text}"


def _seen(law: LawVerdict, look: Look) -> list[Row]:
    wanted = law.seen.removeprefix("expected ")
    return labelled("Seen" if wanted == law.seen else "Wanted", wanted, look)


def _facts(law: LawVerdict, verdict: Verdict, look: Look) -> list[Row]:
    return [
        *labelled("Given", law.given, look),
        *_seen(law, look),
        *([] if _says_line(law) else line_rows(law.line, verdict, look)),
        *_waiting(law, look),
        *labelled("Usually", law.diagnosis.removeprefix("Usually "), look),
        *_printed(law.printed, look),
        *(under("Again", command(law.replay, look)) if law.replay else []),
    ]


def _says_line(law: LawVerdict) -> bool:
    shown = law.waiting[:MAX_WAITING]
    return law.line is not None and law.line.line in {each.line for each in shown}


def line_rows(line: Line | None, verdict: Verdict, look: Look) -> list[Row]:
    """Return where one of the learner's lines is, and the line itself."""
    if line is None:
        return []
    name = (
        look.file if look.file and line.file == verdict.submission.name else line.file
    )
    where = f"{name}:{line.line}" + (f", in {line.function}" if line.function else "")
    rows = labelled("Line", where, look)
    return rows + (
        under("", [source(line.line, line.source, look)]) if line.source else []
    )


# --- a deadlock ---------------------------------------------------------------


def _waiting(law: LawVerdict, look: Look) -> list[Row]:
    rows = [row for each in law.waiting[:MAX_WAITING] for row in _who_waits(each, look)]
    if len(law.waiting) > MAX_WAITING:
        rows.append([(f"(+{len(law.waiting) - MAX_WAITING} more)", "dim")])
    if law.cycle:
        rows += _plain(ring(law.cycle), look)
    return under("Waiting", rows) if rows else []


def _who_waits(one: Waiting, look: Look) -> list[Row]:
    named = one.name.lower().startswith(one.kind)
    who = one.name if named else f"{one.kind} {one.name}".strip()
    where = f", in {one.function}," if one.function else ""
    rows = _plain(f"{who}{where} {waits(one)}", look)
    return rows + (
        [source(one.line, one.source, look)] if one.line and one.source else []
    )


def _plain(text: str, look: Look) -> list[Row]:
    lines = wrap(text, look.width - ASIDE, 4, look.symbols.cut)
    return [[(line, "")] for line in lines]


# --- what the program said ----------------------------------------------------


def _printed(text: str, look: Look) -> list[Row]:
    """Return the first lines of the program's own output, marked as such."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    room = look.width - ASIDE - len(GUTTER)
    rows: list[Row] = [
        [(GUTTER, "dim"), (cut(line, room, look.symbols.cut), "")]
        for line in lines[:MAX_PRINTED]
    ]
    if not rows:
        return []
    more = len(lines) - MAX_PRINTED
    rest = f", {plural(more, 'line')} more" if more > 0 else ""
    return under("Printed", [*rows, [(f"(by your program{rest})", "dim")]])


# --- the other laws -----------------------------------------------------------


def other_rows(laws: Sequence[LawVerdict], shown: LawVerdict, look: Look) -> list[Row]:
    """Return in short what is wrong with the other laws, the same fact only once."""
    others = [law for law in laws if law is not shown and law.outcome in _RANK[:2]]
    rows: list[Row] = []
    for law in others:
        if law.message != shown.message:
            rows += _short(law, look)
    alike = [law.id for law in others if law.message == shown.message]
    if alike:
        ids = f"The same breaks {plural(len(alike), 'other law')}: {', '.join(alike)}."
        rows += marked(look.symbols.of(shown.outcome), ids, STYLES[shown.outcome], look)
    return rows


def _short(law: LawVerdict, look: Look) -> list[Row]:
    sign = look.symbols.of(law.outcome)
    rows = marked(sign, message(law), STYLES[law.outcome], look)
    if not law.replay:
        return rows
    again = command(law.replay, look, margin=ASIDE + INDENT)
    return rows + [[(" " * (len(sign) + 1), ""), *row] for row in again]
