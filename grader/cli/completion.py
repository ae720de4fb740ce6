"""What the shell offers for a half-typed slug or law id."""

# ruff: noqa: PLC0415 - the verbs import this module, and seldom use it

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def slugs(
    _context: click.Context, _parameter: click.Parameter, typed: str
) -> list[str]:
    """Return the slugs that begin as typed."""
    from grader import catalogue

    try:
        found = catalogue.slugs(catalogue.root())
    except catalogue.Unknown:
        return []
    return [slug for slug in found if slug.startswith(typed)]


def laws(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Return the ids of the named kata's laws that begin as typed."""
    from grader import catalogue

    # An error here would be printed into the middle of the line that is being typed.
    try:
        kata = catalogue.find(context.params.get("slug") or "", catalogue.root())
    except (catalogue.Unknown, catalogue.MalformedKata):
        return []
    return [law.id for law in kata.laws if law.id.startswith(typed)]
