"""A real browser, one process a look: Chromium without a window."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest

from .server import miss

Theme = Literal["light", "dark"]
Look = tuple[Theme, int]
"""What a reader prefers, and how many pixels wide the window is."""

SCHEMES = {"dark": 0, "light": 1}
HEIGHT = 6000
"""Pixels: enough for the whole page of a small class."""

NARROWEST = 500

_FRAME = """<!doctype html>
<meta name="color-scheme" content="light dark">
<style>body {{ margin: 0 }} iframe {{ display: block; border: 0 }}</style>
<output id="answer">?</output>
<script>
const answer = document.getElementById("answer");
addEventListener("message", told => answer.textContent = told.data);
</script>
<style>#answer {{ display: none }}</style>
<iframe src="{page}" width="{width}" height="{height}"></iframe>
"""

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n')
_ANSWER = re.compile(r'<output id="answer">(.*?)</output>', re.DOTALL)


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    return found or miss("Chromium", "chromium")


def _look_at(page: Path, look: Look, *options: str) -> subprocess.CompletedProcess[str]:
    # No window is narrower than 500 pixels; a frame in it is as narrow as it is to be.
    frame = page.with_name("frame.html")
    frame.write_text(_FRAME.format(page=page.name, width=look[1], height=HEIGHT))
    return _run(frame, look, *options)


def _run(page: Path, look: Look, *options: str) -> subprocess.CompletedProcess[str]:
    theme, width = look
    with TemporaryDirectory() as profile:
        return subprocess.run(
            [
                _chromium(),
                "--headless",
                "--no-sandbox",  # it refuses to have one as root; the page is our own
                "--disable-gpu",
                "--disable-background-networking",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--window-size={max(width, NARROWEST)},{HEIGHT}",
                f"--blink-settings=preferredColorScheme={SCHEMES[theme]}",
                "--virtual-time-budget=2000",
                "--enable-logging=stderr",
                *options,
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )


def console(page: Path, look: Look) -> list[str]:
    """Return what the browser's console says of a page."""
    done = _look_at(page, look, "--dump-dom")
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def ask(page: Path, look: Look, script: str) -> Any:
    """Return the value of a JavaScript expression in a copy of the page."""
    code = f"<script>parent.postMessage(JSON.stringify({script}), '*')</script>"
    text = _POLICY.sub("", page.read_text(encoding="utf-8"))
    copy = page.with_name("asked.html")
    copy.write_text(text.replace("</body>", f"{code}</body>"), encoding="utf-8")
    found = _ANSWER.search(_look_at(copy, look, "--dump-dom").stdout)
    return json.loads(unescape(found[1])) if found else pytest.fail("no answer")


def picture(page: Path, look: Look, to: Path) -> tuple[int, int]:
    """Write a picture of a page; return its width and height."""
    to.parent.mkdir(parents=True, exist_ok=True)
    _look_at(page, look, f"--screenshot={to}")
    width, height = struct.unpack(">II", to.read_bytes()[16:24])
    return width, height


def printed(page: Path, to: Path) -> bytes:
    """Return a page as the browser would print it, a PDF."""
    _run(page, ("light", 1400), f"--print-to-pdf={to}")
    return to.read_bytes()
