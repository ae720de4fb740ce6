"""The verb `watch`: grade again at each save."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from grader.cli import completion, exits, shelf, terminal
from grader.cli.streams import note, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.catalogue import Kata
    from grader.feedback.look import Look
    from grader.practice.watching import Screens
    from grader.submission import Rejected
    from grader.verdict import Verdict

CLEAR = "\x1b[2J\x1b[H"
"""Empties the terminal; what was scrolled out of it stays."""


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    params: list[click.Parameter] = [
        click.Argument(["slug"], required=False, shell_complete=completion.slugs),
        *terminal.options(),
        shelf.option(),
    ]
    about = (
        "Grade SLUG again each time you save it; without SLUG, the next kata. "
        "Keys: n next, h hint, l list, r run again, x reset, q quit."
    )
    return kind("watch", callback=run, params=params, help=about)


def run(*, slug: str | None, paths: tuple[Path, ...], **typed: Any) -> int:
    """Watch until somebody quits; return the exit code."""
    from grader import catalogue
    from grader.practice.overview import overview
    from grader.practice.watching import watch

    roots = catalogue.roots(paths)
    if slug:
        kata = catalogue.find(slug, *roots)
    else:
        katas = catalogue.katas(*roots)
        place = overview(katas).next()
        kata = place.kata if place is not None else katas[-1]
    look = partial(terminal.look, typed["color"], plain=typed["plain"])
    watch(kata, _screens(look, roots), "best")
    return exits.DONE


def _screens(look: Callable[[], Look], roots: list[Path]) -> Screens:
    """Return what each event draws; the terminal may be another size each time."""
    from grader.practice.watching import Screens

    shown = _Shown(look, roots)
    return Screens(
        verdict=shown.verdict,
        refused=shown.refused,
        fault=shown.fault,
        busy=shown.busy,
        hint=shown.hint,
        listing=shown.listing,
        ask=shown.ask,
        reset=shown.reset,
        note=shown.note,
    )


class _Shown:
    """Draws on the whole terminal; where there is none, one screen under the other."""

    def __init__(self, look: Callable[[], Look], roots: list[Path]) -> None:
        self._look = look
        self._roots = roots
        self._kata: Kata | None = None
        self._told = ""
        self._last = ""

    def verdict(self, kata: Kata, verdict: Verdict) -> None:
        from dataclasses import replace

        from grader.catalogue import following
        from grader.feedback import render
        from grader.practice.advice import advise
        from grader.practice.screens import advice_screen
        from grader.submission import name_of

        after = following(kata) if verdict.status == "pass" else None
        look = replace(
            self._look(),
            named=shlex.join(kata.named),
            file=name_of(kata.stub),
            next_kata=shlex.join(after.named) if after is not None else None,
        )
        drawn = render(verdict, look)
        self._draw(kata, drawn)
        if said := advice_screen(advise(kata), look):
            # It takes a moment: what the laws say is not to wait for it.
            whole = f"{drawn}\n{said}" if sys.stdout.isatty() else said
            self._draw(kata, whole)
        self._told = ""

    def refused(self, kata: Kata, refusal: Rejected) -> None:
        from grader.cli.unplayed import refused

        self.verdict(kata, refused(kata, refusal, 0))

    def fault(self, kata: Kata, log: str) -> None:
        self._draw(kata, f"The grader failed: this is our fault, not yours.\n\n{log}\n")

    def busy(self, kata: Kata) -> None:
        if sys.stdout.isatty():
            self._draw(kata, f"{kata.slug}: grading\n")

    def hint(self, kata: Kata) -> None:
        from grader.practice.hints import next_hint, next_law
        from grader.practice.progress import Progress, Unkept
        from grader.practice.screens import hint_screen
        from grader.practice.solutions import is_open

        progress = Progress(kata.root)
        standing = progress.of(kata.slug)
        law = next_law(kata, standing)
        if law is None:
            self._draw(kata, f"Every law of {kata.slug} holds.\n")
            return
        hint = next_hint(law, standing)
        try:
            progress.hinted(kata.slug, law.id, hint.step)
        except Unkept as unkept:
            self.note(str(unkept))
        named = shlex.join(kata.named)
        drawn = hint_screen(hint, named, self._look(), is_open=is_open(standing))
        self._draw(kata, drawn)

    def listing(self) -> None:
        from grader.catalogue import katas
        from grader.practice.overview import overview
        from grader.practice.screens import progress_screen

        found = overview(katas(*self._roots))
        place = found.next()
        named = shlex.join(place.kata.named) if place is not None else ""
        self._draw(self._kata, progress_screen(found, named, self._look()))

    def note(self, text: str) -> None:
        self._told = text
        if not sys.stdout.isatty():
            note(text)

    def ask(self, kata: Kata) -> None:
        self.note("Press x once more to put the stub back; your text will be kept.")
        self._draw(kata, self._last)

    def reset(self, kata: Kata) -> None:
        from grader.cli.reset import ATTIC
        from grader.practice.stubs import put_back
        from grader.submission import name_of

        try:
            kept = put_back(kata, kata.root / ATTIC)
        except OSError as error:
            self.note(f"The stub cannot be put back: {error.strerror}")
        else:
            self.note(f"Your text is in {name_of(kept)}" if kept else "It is the stub.")
        self._draw(kata, self._last)

    def _draw(self, kata: Kata | None, text: str) -> None:
        self._kata, self._last = kata, text
        if not sys.stdout.isatty():
            say(text)
            return
        say(f"{CLEAR}{text}\n{self._foot(kata)}")

    def _foot(self, kata: Kata | None) -> str:
        from grader.feedback.rows import Row, paint
        from grader.feedback.text import join
        from grader.practice.watching import KEYS
        from grader.submission import name_of

        look = self._look()
        keys = [f"{key}:{what}" for key, what in KEYS.items()]
        rows: list[Row] = [[(line, "dim")] for line in join(keys, "  ", look.width)]
        if kata is not None:
            rows.insert(0, [(self._told or name_of(kata.stub), "")])
        return paint(rows, look)
