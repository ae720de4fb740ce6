from __future__ import annotations

import pytest

from grader.feedback.text import cut, cut_middle, pad, width_of, wrap


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("日本", 4), ("é", 1), ("", 0)]
)
def test_width_counts_columns(text: str, width: int) -> None:
    assert width_of(text) == width


def test_padding_counts_wide_characters_twice() -> None:
    assert pad("日本", 6) == "日本  "


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("日本語", 5, "日本…"),
        ("ab", 0, ""),
    ],
)
def test_long_text_is_cut(text: str, width: int, shown: str) -> None:
    assert cut(text, width, "…") == shown


def test_the_end_of_a_name_is_kept() -> None:
    assert cut_middle("fetch('https://example.org/17')", 15, "…") == "fetch('…rg/17')"


def test_text_is_broken_between_words() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]


def test_word_that_is_too_long_is_broken() -> None:
    assert wrap("a 1234567890", 4) == ["a", "1234", "5678", "90"]


def test_wrapped_text_is_never_nothing() -> None:
    assert wrap(" \n ", 4) == [""]


def test_text_gets_so_many_lines_and_no_more() -> None:
    assert wrap("one two three four five", 5, 2, "…") == ["one", "two …"]
