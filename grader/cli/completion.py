"""What the shell offers for a half-typed slug or law id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import click


def _roots(context: click.Context) -> list[Path]:
    from grader import catalogue

    return catalogue.roots(context.params.get("paths") or ())


def slugs(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Return the slugs that begin as typed."""
    from grader import catalogue

    try:
        found = catalogue.slugs(*_roots(context))
    except catalogue.Unknown:
        return []
    return [slug for slug in found if slug.startswith(typed)]


def laws(context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Return the ids of the named kata's laws that begin as typed."""
    from grader import catalogue

    # An option without its value stops click's parser, which leaves the slug in `args`.
    slug = next(iter(context.args), "")
    try:
        kata = catalogue.find(slug, *_roots(context))
    except (catalogue.Unknown, catalogue.MalformedKata):
        return []
    return [law.id for law in kata.laws if law.id.startswith(typed)]
