"""The option that says where katas are looked for."""

from __future__ import annotations

from pathlib import Path

import click


def option() -> click.Option:
    """Return `--katas PATH`; its value is passed on as `paths`."""
    return click.Option(
        ["--katas", "paths"],
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="PATH",
        help="Katas of this folder, instead of ours; may be given again.",
    )
