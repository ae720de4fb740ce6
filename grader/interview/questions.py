"""What an interviewer asks about an answer, and what a strong reply mentions."""

from __future__ import annotations

import tomllib
from typing import Annotated

import msgspec
from msgspec import Meta

from grader.catalogue import Kata

FILE = "interview.toml"
"""Its name, beside our own answers: no candidate gets it."""

_Text = Annotated[str, Meta(min_length=1, max_length=260)]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question, and the points that a strong reply mentions."""

    ask: _Text
    strong: Annotated[tuple[_Text, ...], Meta(min_length=2, max_length=4)]


class _Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    questions: Annotated[tuple[Question, ...], Meta(min_length=3)]


class Missing(Exception):
    """There are no questions that can be read; the message says why."""


def questions_of(kata: Kata) -> tuple[Question, ...]:
    """Return what to ask about an answer to a kata."""
    path = kata.solutions / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        return msgspec.convert(table, _Pack).questions
    except OSError:
        raise Missing(f"there are no questions about {kata.slug}") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise Missing(f"the questions cannot be read: {error}") from None
