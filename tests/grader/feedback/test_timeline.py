from __future__ import annotations

from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from grader.feedback import Look
from grader.feedback.crowd import crowd_in_cells
from grader.feedback.lanes import lane_cells
from grader.feedback.look import UNICODE
from grader.feedback.rows import paint
from grader.feedback.scale import SECOND, nanoseconds, scale_for
from grader.feedback.timeline import timeline_rows
from grader.verdict import Lane, Mark, Timeline

from .samples import lane

NARROW = Look(width=58)
NOW = range(0)


def draw(lanes: list[Lane], end: float, **more: object) -> str:
    """Return a timeline of 58 columns."""
    timeline = replace(Timeline(lanes, end), **more)
    return dedent(paint(timeline_rows(timeline, NARROW), NARROW))


def cells(lanes: list[Lane], end: float, room: int = 50) -> list[str]:
    """Return the cells of each lane."""
    scale = scale_for([0, nanoseconds(end)], room)
    return [lane_cells(each, scale, UNICODE) for each in lanes]


def picture(text: str) -> str:
    """Return an expected timeline as it stands in a test."""
    return dedent(text).lstrip("\n")
