"""The whole screen of `kata test`, from the first line to the last."""

from __future__ import annotations

from dataclasses import replace

from grader.feedback.clean import clean, clean_record
from grader.feedback.details import (
    detail_rows,
    first_trouble,
    line_rows,
    message,
    other_rows,
)
from grader.feedback.laws import STYLES, law_rows
from grader.feedback.look import NARROWEST, Look
from grader.feedback.rows import INDENT, Row, labelled, marked, offer, paint
from grader.feedback.sentences import ADVICE, plural, sentence
from grader.feedback.summary import summary_rows
from grader.feedback.text import cut, cut_middle, width_of
from grader.verdict import LawVerdict, Verdict

_BLANK: list[Row] = [[]]


def render(verdict: Verdict, look: Look) -> str:
    """Return the screen of a verdict. Texts of the submission are made harmless."""
    look = _clean_look(look)
    verdict = clean_record(verdict, ascii_only=look.ascii)
    if look.quiet:
        return paint([_one_line(summary_rows(verdict, look))], look)
    blocks = [[_head(verdict, look)], *_body(verdict, look), _foot(verdict, look)]
    return paint(_apart(blocks), look)


def _clean_look(look: Look) -> Look:
    file = clean(look.file, ascii_only=look.ascii)
    next_kata = clean(look.next_kata or "", ascii_only=look.ascii)
    return replace(look, width=max(NARROWEST, look.width), file=file, next_kata=next_kata)
