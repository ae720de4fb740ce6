"""The verb `list`: every kata, in learning order."""

from __future__ import annotations

import shlex
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import click

from grader.cli import exits, shelf, terminal
from grader.cli.streams import say, say_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.practice.overview import Place

WIDTH = 80


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    as_json = click.Option(
        ["--json", "as_json"], is_flag=True, help="Print one JSON document."
    )
    about = "Print every kata, in learning order."
    return kind("list", callback=run, params=[as_json, shelf.option()], help=about)


def run(*, as_json: bool, paths: tuple[Path, ...]) -> int:
    """Print the katas; return the exit code."""
    from grader import catalogue

    katas = catalogue.katas(*catalogue.roots(paths))
    if as_json:
        from grader.cli.documents import listing

        say_json(listing(katas))
    else:
        from grader.practice.overview import overview

        look = terminal.look("auto", plain=False)
        say("\n".join(_lines(overview(katas).places, look.width)))
    return exits.DONE


def _lines(places: Sequence[Place], columns: int) -> list[str]:
    from grader.catalogue import TRACKS
    from grader.feedback.text import join

    if not places:
        return ["There are no katas yet."]
    width = max(len(place.kata.slug) for place in places)
    line = partial(_line if columns >= WIDTH else _short, width=width)
    scored = any(place.standing.points for place in places)
    lines: list[str] = []
    for track, members in groupby(places, key=lambda place: place.kata.track):
        lines += [TRACKS[track], *(line(each, scored=scored) for each in members), ""]
    first = shlex.join(places[0].kata.named)
    return [*lines, *join(["Read the first one:", f"kata show {first}"], " ", columns)]


def _short(place: Place, *, width: int, scored: bool) -> str:
    """Return a line for a terminal that is too narrow for titles."""
    points = place.standing.points if scored else 0
    start = f"  {place.kata.slug:<{width}}  level {place.kata.level}"
    return f"{start}  {points:>3} points" if points else start


def _line(place: Place, *, width: int, scored: bool) -> str:
    kata = place.kata
    end = f"level {kata.level}  {kata.minutes:>3} min"
    if scored:
        points = place.standing.points
        end += f"  {points:>3} of 100" if points else " " * len("  100 of 100")
    room = WIDTH - len(f"  {'':{width}}    {end}")
    return f"  {kata.slug:<{width}}  {_cut(kata.title, room):<{room}}  {end}"


def _cut(title: str, room: int) -> str:
    return title if len(title) <= room else title[: room - 3].rstrip() + "..."
