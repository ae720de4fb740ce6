"""The whole screen of `kata test`, from the first line to the last."""

from __future__ import annotations

from dataclasses import replace

from grader.feedback.clean import clean, clean_record
from grader.feedback.details import detail_rows, first_trouble, line_rows, other_rows
from grader.feedback.laws import law_rows
from grader.feedback.look import NARROWEST, Look
from grader.feedback.rows import INDENT, Row, labelled, marked, offer, paint
from grader.feedback.sentences import ADVICE, sentence
from grader.feedback.summary import (
    foot_rows,
    is_not_started,
    quiet_row,
    summary_rows,
)
from grader.feedback.text import cut_middle, width_of, wrap
from grader.verdict import LawVerdict, Problem, Verdict

_Block = list[Row]


def render(verdict: Verdict, look: Look) -> str:
    """Return the screen of a verdict. Texts of the submission are made harmless."""
    look = _clean_look(verdict, look)
    verdict = clean_record(verdict, ascii_only=look.ascii)
    if look.quiet:
        return paint([quiet_row(verdict, look)], look)
    blocks = [[_head(verdict, look)], *_body(verdict, look), foot_rows(verdict, look)]
    return paint(_apart(blocks), look)


def render_laws(verdict: Verdict, look: Look) -> dict[str, str]:
    """Return what is said of each law, by its id; "" of one that holds."""
    look = _clean_look(verdict, look)
    verdict = clean_record(verdict, ascii_only=look.ascii)
    return {
        law.id: paint(detail_rows(law, verdict, look), look)
        if law.outcome != "holds"
        else ""
        for law in verdict.laws
    }


def _clean_look(verdict: Verdict, look: Look) -> Look:
    following = look.next_kata
    return replace(
        look,
        width=max(NARROWEST, look.width),
        file=clean(look.file, ascii_only=look.ascii),
        named=clean(look.named or verdict.kata, ascii_only=look.ascii),
        next_kata=clean(following, ascii_only=look.ascii) if following else None,
    )


def _apart(blocks: list[_Block]) -> list[Row]:
    """Return the rows of all blocks, an empty one between two blocks."""
    rows: list[Row] = []
    for block in filter(None, blocks):
        rows += [[], *block] if rows else block
    return rows


def _head(verdict: Verdict, look: Look) -> Row:
    dot = f" {look.symbols.dot} "
    name = cut_middle(verdict.kata, look.width // 2, look.symbols.cut)
    start = f"{dot}level {verdict.level}{dot}"
    room = max(0, look.width - width_of(name + start))
    file = cut_middle(look.file or verdict.submission.name, room, look.symbols.cut)
    return [(name, "bold"), (start + file, "dim")]


def _body(verdict: Verdict, look: Look) -> list[_Block]:
    if verdict.status == "unloadable":
        return [_unloadable(verdict, look), summary_rows(verdict, look)]
    if verdict.status == "fault":
        return _fault(verdict, look)
    if is_not_started(verdict):
        return _not_started(verdict, look)
    return _graded(verdict, look)


# --- graded -------------------------------------------------------------------


def _graded(verdict: Verdict, look: Look) -> list[_Block]:
    return [
        law_rows(verdict.laws, look),
        *_troubles(verdict, look),
        summary_rows(verdict, look),
        _after(verdict, look),
    ]


def _troubles(verdict: Verdict, look: Look) -> list[_Block]:
    law = first_trouble(verdict.laws, nearest=look.nearest)
    if law is None:
        return []
    return [detail_rows(law, verdict, look), other_rows(verdict.laws, law, look)]


def _after(verdict: Verdict, look: Look) -> _Block:
    """Return what to do next, if it can be said."""
    if not look.offers:
        return []
    if look.law is not None:
        return offer("All", f"kata test {look.named}", "every law of this kata", look)
    if verdict.status == "fail" and not look.keys:
        return offer("Hint", f"kata hint {look.named}", "one step further", look)
    if verdict.status != "pass":
        return []
    ours = offer("Ours", f"kata solution {look.named}", "our answers", look)
    if not look.next_kata or look.keys:
        return ours
    following = f"kata start {look.next_kata}"
    return [*ours, *offer("Next", following, "what comes next", look)]


def _not_started(verdict: Verdict, look: Look) -> list[_Block]:
    sign = look.symbols.not_reached
    said = marked(sign, _stub(verdict.laws[0]), "bold", look, INDENT)
    return [said, summary_rows(verdict, look), _first_steps(look)]


def _stub(law: LawVerdict) -> str:
    text = " ".join(law.message.split()).rstrip(".")
    if law.line is not None and f"line {law.line.line}" not in text:
        text = f"{text or 'NotImplementedError'} at line {law.line.line}"
    return sentence(f"Not started: {text or 'there is nothing to grade yet'}")


def _first_steps(look: Look) -> _Block:
    if not look.offers:
        return []
    task = offer("Task", f"kata show {look.named}", "the page to build from", look)
    if look.keys:
        return task
    return [
        *task,
        *offer("Hint", f"kata hint {look.named}", "the first step", look),
        *offer("List", "kata list", "all katas, and how far you are", look),
    ]


# --- not graded ---------------------------------------------------------------


def _unloadable(verdict: Verdict, look: Look) -> _Block:
    problem = verdict.problem or Problem("", "the file could not be read")
    text = f"Could not load: {sentence(problem.message)}"
    advice = problem.advice or ADVICE.get(problem.reason, "").format(kata=look.named)
    facts = [*line_rows(problem.line, verdict, look), *labelled("Advice", advice, look)]
    said: list[Row] = [[(line, "bad")] for line in wrap(text, look.width, 6)]
    return [*said, [], *facts] if facts else said


def _fault(verdict: Verdict, look: Look) -> list[_Block]:
    return [
        law_rows(verdict.laws, look),
        *_troubles(verdict, look),
        _our_fault(verdict, look),
        summary_rows(verdict, look),
    ]


def _our_fault(verdict: Verdict, look: Look) -> _Block:
    problem = verdict.problem or _from_laws(verdict)
    text = "The grader failed: this is our fault, not yours."
    what = _last_line(problem.message)
    return [
        *marked(look.symbols.fault, text, "warn", look),
        [],
        *labelled("What", what, look),
        *labelled("Advice", problem.advice, look),
        *offer(
            "Report", f"kata test {look.named} --json", "send us what it prints", look
        ),
    ]


def _from_laws(verdict: Verdict) -> Problem:
    faults = [law.message for law in verdict.laws if law.outcome == "fault"]
    return Problem("grader error", faults[0] if faults else "")


def _last_line(text: str) -> str:
    """Return the end of a traceback, where the error stands; any other text whole."""
    lines = text.strip().splitlines()
    return lines[-1] if lines and "Traceback" in text else text
