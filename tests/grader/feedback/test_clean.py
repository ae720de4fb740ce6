from __future__ import annotations

import pytest

from grader.feedback.clean import clean, clean_record
from grader.verdict import Line


def test_ordinary_text_stays_as_it_is() -> None:
    text = "return await fetch('naïve/日本')"

    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m", "\\x9b31m"),
        ("a\rb\x08\x7f", "a\\x0db\\x08\\x7f"),
        ("a\nb", "a\\nb"),
        ("a\tb", "a    b"),
        ("\u202eabc\u2069", "\\u202eabc\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("\u3164 = 1", "\\u3164 = 1"),
        ("\udc80", "\\udc80"),
        ("\U000e0041", "\\U000e0041"),
        ("a\u2028b\xa0c", "a\\u2028b\\xa0c"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301\\u0301\\u0301"),
    ],
)
def test_what_a_terminal_would_obey_or_hide_is_written_out(
    text: str, shown: str
) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error file=a.py::all lost", "\\x3a:error file=a.py::all lost"),
        ("##[error]all lost", "\\x23#[error]all lost"),
        ("pages[::2]", "pages[::2]"),
        ("std::vector", "std::vector"),
    ],
)
def test_commands_to_a_ci_service_are_broken(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a \u2013 b\u2026", "a - b..."), ("日", "\\u65e5"), ("é", "\\xe9")],
)
def test_ascii_is_all_that_is_left_where_it_is_asked_for(text: str, shown: str) -> None:
    assert clean(text, ascii_only=True) == shown


def test_newlines_can_be_kept() -> None:
    assert clean("a\nb\x1b", lines=True) == "a\nb\\x1b"


def test_endless_text_is_cut() -> None:
    assert len(clean("a" * 100_000)) < 5_000


def test_every_text_of_a_record_is_cleaned() -> None:
    line = Line("a\x1b.py", 3, "f\x00", "pass\x07")

    assert clean_record(line) == Line("a\\x1b.py", 3, "f\\x00", "pass\\x07")
