from __future__ import annotations

import io

import pytest

from grader.feedback import Look, look_for


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Latin(Terminal):
    encoding = "latin-1"


def test_terminal_gets_colour() -> None:
    look = look_for(Terminal(), {})

    assert look == Look(width=80, ascii=False, color=True)


def test_file_gets_no_colour() -> None:
    assert not look_for(io.StringIO(), {}).color


@pytest.mark.parametrize(
    "environment",
    [{"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}],
)
def test_environment_can_refuse_colour(environment: dict[str, str]) -> None:
    assert not look_for(Terminal(), environment).color


def test_empty_no_color_refuses_nothing() -> None:
    assert look_for(Terminal(), {"NO_COLOR": ""}).color


def test_environment_can_force_colour() -> None:
    assert look_for(io.StringIO(), {"FORCE_COLOR": "1"}).color


def test_force_color_0_forces_nothing() -> None:
    assert not look_for(io.StringIO(), {"FORCE_COLOR": "0"}).color


def test_option_wins_over_the_environment() -> None:
    always = look_for(io.StringIO(), {"NO_COLOR": "1"}, "always")
    never = look_for(Terminal(), {"FORCE_COLOR": "1"}, "never")

    assert (always.color, never.color) == (True, False)


def test_stream_that_is_not_utf8_gets_ascii() -> None:
    assert look_for(Latin(), {}).ascii


def test_stream_without_an_encoding_gets_ascii() -> None:
    assert look_for(io.BytesIO(), {}).ascii


def test_ascii_can_be_asked_for() -> None:
    assert look_for(Terminal(), {}, "auto", ascii=True).ascii


def test_width_is_eighty_where_it_is_unknown() -> None:
    assert look_for(io.StringIO(), {}).width == 80
