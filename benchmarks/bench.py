"""Everything that is claimed of speed, steadiness and strictness, measured: `make bench`.

Prints every goal with what was found, met or not, and writes it all to
docs/benchmarks.md. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import floor
import growth
import phases
import single
import steadiness
import strictness
import together
from suites import prepare
from tables import Section, goals

from grader.catalogue import root

MENDED = Path(__file__).with_name("mended.md")
"""What was measured before and after a change, which one run cannot show."""

WRITTEN = root() / "docs" / "benchmarks.md"
SECTIONS = (
    single.section,
    together.section,
    steadiness.section,
    strictness.section,
    growth.jobs,
    growth.submissions,
    floor.section,
    phases.section,
)
OURS = ("pytest", "hypothesis", "msgspec")


def main() -> None:
    """Measure section by section, print the goals, and write the document."""
    began = time.monotonic()
    pinned = prepare()
    sections = []
    with tempfile.TemporaryDirectory() as home:
        for measure in SECTIONS:
            section = measure(Path(home))
            sections.append(section)
            print(f"{section}\n", flush=True)
    print(goals(sections))
    minutes = (time.monotonic() - began) / 60
    WRITTEN.write_text(document(sections, pinned, minutes), encoding="utf-8")
    print(f"\n{minutes:.0f} minutes; written to {WRITTEN.relative_to(root())}")


def document(sections: list[Section], pinned: list[str], minutes: float) -> str:
    """Return the whole as Markdown."""
    ours = ", ".join(f"{name}=={version(name)}" for name in OURS)
    head = (
        f"Measured by `make bench` on {datetime.now(UTC):%Y-%m-%d}, in {minutes:.0f} "
        f"minutes: {machine()}. Ours with {ours}; the others, each in an environment of "
        f"its own, with {', '.join(pinned)}. Figures are medians, with the smallest and the "
        "greatest in brackets; what is compared was run side by side, in turn."
    )
    parts = ["# Benchmarks", head, "## Goals", goals(sections), *map(str, sections)]
    parts.append(MENDED.read_text(encoding="utf-8").rstrip())
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """Return what machine this is, in a few words."""
    cpus = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (cpus.read_text().splitlines() if cpus.exists() else [])
        if line.startswith("model name")
    ]
    model = models[0] if models else platform.machine()
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main())
