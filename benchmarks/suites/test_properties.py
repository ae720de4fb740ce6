"""The ten properties as pytest runs them, each in an event loop of its own."""

from __future__ import annotations

import pytest
from properties import PROPERTIES, Property
from semaphore import fetch_limited


@pytest.mark.asyncio
@pytest.mark.parametrize("holds", PROPERTIES.values(), ids=PROPERTIES)
async def test_property(holds: Property) -> None:
    await holds(fetch_limited)
