"""The verb `doctor`: what walls a submission meets on this machine, and what is missing."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import click

from grader.cli import exits
from grader.cli.streams import say, say_json

if TYPE_CHECKING:
    from grader.judge.selftest import Finding
    from grader.sandbox.capabilities import Capability
    from grader.sandbox.levels import Layer, Level

ALLOWED: dict[Capability, str] = {
    "files": "a folder of files",
    "processes": "processes of their own",
}

PROMISED = {
    "strong": "files, network and processes are its own: results are official",
    "confined": "it may see that files exist, and no more: results are official",
    "process": "deadlines only: results are unofficial",
}


def command(kind: type[click.Command]) -> click.Command:
    """Return the verb as a click command of that kind."""
    as_json = click.Option(
        ["--json", "as_json"], is_flag=True, help="Print one JSON document."
    )
    about = "Try what a submission could do on this machine, and tell what is missing."
    return kind("doctor", callback=run, params=[as_json], help=about)


def run(*, as_json: bool) -> int:
    """Test every level and print what was found; return the exit code."""
    from grader.judge.selftest import every_level, reached
    from grader.sandbox.levels import layers

    findings = every_level()
    allowing = {
        each: reached("best", [each], afresh=True).walls.level for each in ALLOWED
    }
    if as_json:
        from grader.cli.documents import diagnosis

        say_json(diagnosis(findings, allowing, layers()))
    else:
        say("\n".join(_lines(findings, allowing, layers())))
    return exits.DONE


def _lines(
    findings: list[Finding], allowing: dict[Capability, Level], layers: list[Layer]
) -> list[str]:
    reached = next(finding.level for finding in findings if finding.holds)
    return [
        f"Isolation level reached: {reached}",
        f"  {PROMISED[reached]}",
        f"  Python {platform.python_version()}, {platform.system()} {platform.release()}",
        "",
        *_table(findings),
        "",
        *_reasons(findings),
        "Level reached where a kata allows its submissions",
        *(f"  {ALLOWED[each]:<34}{level:>12}" for each, level in allowing.items()),
        "",
        "Layers",
        *(line for layer in layers for line in _layer(layer)),
    ]


def _table(findings: list[Finding]) -> list[str]:
    from grader.sandbox.levels import ATTEMPTS

    head = f"{'What a submission tried':<36}" + "".join(
        f"{finding.level:>12}" for finding in findings
    )
    rows = [
        f"  {words:<34}" + "".join(f"{_fate(each, name):>12}" for each in findings)
        for name, words in ATTEMPTS.items()
    ]
    return [head, *rows]


def _fate(finding: Finding, attempt: str) -> str:
    if finding.why:
        return "-"
    return "POSSIBLE" if attempt in finding.could else "blocked"


def _reasons(findings: list[Finding]) -> list[str]:
    """Say why a level was not reached, where the table does not."""
    told = [
        f"{finding.level} cannot be had: {finding.why}"
        for finding in findings
        if finding.why
    ]
    return [*told, ""] if told else []


def _layer(layer: Layer) -> list[str]:
    if not layer.lacks:
        return [f"  {layer.name:<12} there"]
    lines = [f"  {layer.name:<12} missing: {layer.lacks}"]
    return [*lines, f"  {'':<12} to add it: {layer.remedy}"] if layer.remedy else lines
