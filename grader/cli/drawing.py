"""What a watched kata shows, drawn on the terminal or printed under what was there."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.cli.streams import note, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.catalogue import Kata
    from grader.feedback.look import Look
    from grader.practice.watching import Screens
    from grader.submission import Rejected
    from grader.verdict import Verdict

CLEAR = "\x1b[2J\x1b[H"
"""Empties the terminal; what was scrolled out of it stays."""


def screens(
    look: Callable[[], Look],
    roots: list[Path],
    keys: Mapping[str, str],
    foot: Callable[[], str] | None = None,
) -> Screens:
    """Return what each event draws; the terminal may be another size each time.

    With `foot`, which stands before the keys, nothing is told but verdicts.
    """
    from grader.practice.watching import Screens

    shown = _Shown(look, roots, keys, foot)
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
        redraw=shown.redraw,
        trace=shown.trace,
    )


_Made = Callable[[], str]
"""Makes what is shown, as it suits the terminal at that moment."""


class _Shown:
    """Draws on the whole terminal; where there is none, one screen under the other."""

    def __init__(
        self,
        look: Callable[[], Look],
        roots: list[Path],
        keys: Mapping[str, str],
        foot: Callable[[], str] | None,
    ) -> None:
        self._look = look
        self._roots = roots
        self._keys = keys
        self._foot = foot
        self._kata: Kata | None = None
        self._told = ""
        self._trouble = ""
        self._verdict: Verdict | None = None
        self._made: _Made = str

    def verdict(self, kata: Kata, verdict: Verdict) -> None:
        from dataclasses import replace

        from grader.catalogue import LOST
        from grader.feedback import render
        from grader.feedback.details import first_trouble
        from grader.practice.advice import advise
        from grader.practice.screens import advice_screen
        from grader.submission import name_of

        def drawn() -> str:
            return render(verdict, look())

        def look() -> Look:
            return replace(
                self._look(),
                named=shlex.join(kata.named),
                file=name_of(kata.stub),
                offers=self._foot is None,
                keys=True,
                nearest=True,
            )

        self._verdict = verdict
        trouble = first_trouble(verdict.laws, nearest=True)
        lost = trouble is not None and trouble.outcome in LOST
        self._trouble = trouble.id if trouble is not None and lost else ""
        self._draw(kata, drawn)
        if self._foot is None and (advice := advise(kata)):
            # It takes a moment: what the laws say is not to wait for it.
            def said() -> str:
                return advice_screen(advice, look())

            whole = sys.stdout.isatty()
            self._draw(kata, (lambda: f"{drawn()}\n{said()}") if whole else said)
        self._told = ""

    def refused(self, kata: Kata, refusal: Rejected) -> None:
        from grader.cli.unplayed import refused

        self.verdict(kata, refused(kata, refusal, 0))

    def fault(self, kata: Kata, log: str) -> None:
        text = f"The grader failed: this is our fault, not yours.\n\n{log}\n"
        self._draw(kata, lambda: text)

    def busy(self, kata: Kata) -> None:
        if sys.stdout.isatty():
            self._draw(kata, lambda: f"{kata.slug}: grading\n")

    def hint(self, kata: Kata) -> None:
        from dataclasses import replace

        from grader.practice.hints import next_hint, next_law
        from grader.practice.progress import Progress, Unkept
        from grader.practice.screens import hint_screen
        from grader.practice.solutions import is_open

        progress = Progress(kata.root)
        standing = progress.of(kata.slug)
        law = kata.law(self._trouble) if self._trouble else next_law(kata, standing)
        if law is None:
            self._draw(kata, lambda: f"Every law of {kata.slug} holds.\n")
            return
        hint = next_hint(law, standing)
        try:
            progress.hinted(kata.slug, law.id, hint.step)
        except Unkept as unkept:
            self.note(str(unkept))
        named, opened = shlex.join(kata.named), is_open(standing)

        def look() -> Look:
            return replace(self._look(), keys=True)

        self._draw(kata, lambda: hint_screen(hint, named, look(), is_open=opened))

    def listing(self) -> None:
        from grader.catalogue import katas
        from grader.practice.overview import overview
        from grader.practice.screens import progress_screen

        found = overview(katas(*self._roots))
        place = found.next()
        named = shlex.join(place.kata.named) if place is not None else ""
        self._draw(self._kata, lambda: progress_screen(found, named, self._look()))

    def trace(self, kata: Kata) -> None:
        from pathlib import Path

        from grader.cli.trace import VIEWERS, write_trace

        verdict = self._verdict
        laws = verdict.laws if verdict is not None else []
        law = next((each for each in laws if each.id == self._trouble), None)
        if verdict is None or law is None or law.timeline is None:
            self.note("There is no run that broke a law, and so no trace.")
        else:
            out = Path("build", f"{kata.slug}.trace.json")
            try:
                write_trace(out, verdict, law)
            except OSError as error:
                self.note(f"{out} cannot be written: {error.strerror}")
            else:
                self.note(f"Wrote {out}; open it in {VIEWERS}.")
        self._draw(kata, self._made)

    def note(self, text: str) -> None:
        self._told = text
        if not sys.stdout.isatty():
            note(text)

    def ask(self, kata: Kata) -> None:
        self.note("Press x once more to put the stub back; your text will be kept.")
        self._draw(kata, self._made)

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
        self._draw(kata, self._made)

    def redraw(self) -> None:
        if sys.stdout.isatty():
            self._draw(self._kata, self._made)

    def _draw(self, kata: Kata | None, made: _Made) -> None:
        self._kata, self._made = kata, made
        if not sys.stdout.isatty():
            say(made())
            return
        say(f"{CLEAR}{made()}\n{self._below(kata)}")

    def _below(self, kata: Kata | None) -> str:
        from grader.feedback.rows import Row, paint
        from grader.feedback.text import cut_middle, join
        from grader.submission import name_of

        look = self._look()
        parts = [f"{key}:{what}" for key, what in self._keys.items()]
        if self._foot is not None:
            parts.insert(0, self._foot())
        rows: list[Row] = [[(line, "dim")] for line in join(parts, "  ", look.width)]
        if self._told:
            # A path in it is to be copied: the terminal breaks the line, not we.
            rows.insert(0, [(self._told, "")])
        elif kata is not None:
            name = cut_middle(name_of(kata.stub), look.width, look.symbols.cut)
            rows.insert(0, [(name, "")])
        return paint(rows, look)
