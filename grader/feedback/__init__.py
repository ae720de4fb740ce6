"""What a verdict looks like to a person."""

from grader.feedback.look import Look, look_for
from grader.feedback.screen import render, render_laws

__all__ = ["Look", "look_for", "render", "render_laws"]
