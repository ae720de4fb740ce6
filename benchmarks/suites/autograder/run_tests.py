"""The ten properties as an autograder of Gradescope runs them: `results.json` on stdout."""

from __future__ import annotations

import asyncio
import unittest

from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
from properties import PROPERTIES, Property
from semaphore import fetch_limited


class Properties(unittest.TestCase):
    """One test for each."""


def test_of(holds: Property) -> object:
    @weight(10)
    def test(_: unittest.TestCase) -> None:
        asyncio.run(holds(fetch_limited))

    return test


for name, holds in PROPERTIES.items():
    setattr(Properties, f"test_{name}", test_of(holds))

if __name__ == "__main__":
    JSONTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(Properties))
