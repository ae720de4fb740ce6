"""The verb `list`: every kata, in learning order."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

import click

from grader.cli import exits, shelf
from grader.cli.streams import say, say_json

if TYPE_CHECKING:
    from pathlib import Path

    from grader.catalogue import Kata

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
        say("\n".join(_lines(katas)))
    return exits.DONE


def _lines(katas: list[Kata]) -> list[str]:
    from grader.catalogue import TRACKS

    if not katas:
        return ["There are no katas yet."]
    width = max(len(kata.slug) for kata in katas)
    lines: list[str] = []
    for track, members in groupby(katas, key=lambda kata: kata.track):
        lines += [TRACKS[track], *(_line(kata, width) for kata in members), ""]
    return [*lines, f"Read the first one: kata show {shlex.join(katas[0].named)}"]


def _line(kata: Kata, width: int) -> str:
    end = f"level {kata.level}  {kata.minutes:>3} min"
    room = WIDTH - len(f"  {'':{width}}    {end}")
    return f"  {kata.slug:<{width}}  {_cut(kata.title, room):<{room}}  {end}"


def _cut(title: str, room: int) -> str:
    return title if len(title) <= room else title[: room - 3].rstrip() + "..."
