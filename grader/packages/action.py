"""A workflow for GitHub Actions, for a starter repository of `student`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.catalogue import Kata
from grader.packages.contents import File

WORKFLOW = """\
name: katas
on: [push, pull_request]
permissions:
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: sudo apt-get update -qq && sudo apt-get install -y -qq bubblewrap libseccomp2
      - run: make setup
      - run: .venv/bin/python -m grader.hosts.action {katas}
"""


def files(katas: Iterable[Kata]) -> Iterator[File]:
    """Yield what is added to the repository."""
    text = WORKFLOW.format(katas=" ".join(kata.slug for kata in katas))
    yield File(".github/workflows/katas.yml", text.encode())
