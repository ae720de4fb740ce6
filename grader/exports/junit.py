"""JUnit XML as pytest writes it (xunit2): a suite for each kata, a case for each law."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from grader.classroom.marks import Mark
from grader.exports.sheet import Part, Sheet

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(sheet: Sheet, student: str = "") -> bytes:
    """Return the document; points are properties of each suite."""
    suites = ET.Element("testsuites", name=_legal(student or "asyncio-katas"))
    for mark in sheet.marks:
        suites.append(_suite(mark, sheet))
    ET.indent(suites)
    document: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return document


def _suite(mark: Mark, sheet: Sheet) -> ET.Element:
    parts = [part for part in Sheet([mark], sheet.look).parts() if part.law != "late"]
    kinds = [_kind(part) for part in parts]
    seconds = mark.verdict.seconds if mark.verdict is not None else 0.0
    suite = ET.Element(
        "testsuite",
        name=mark.kata,
        tests=str(len(parts)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped="0",
        time=f"{seconds:.3f}",
    )
    properties = ET.SubElement(suite, "properties")
    for name in ("points", "earned", "days_late"):
        value = getattr(mark, name)
        if value is not None:
            ET.SubElement(properties, "property", name=name, value=str(value))
    for part, kind in zip(parts, kinds, strict=True):
        case = ET.SubElement(
            suite, "testcase", classname=mark.kata, name=_legal(part.name), time="0.000"
        )
        if kind:
            found = ET.SubElement(case, kind, message=_legal(_first_line(part)))
            found.text = _legal(part.text)
    return suite


def _kind(part: Part) -> str:
    """Return what stands in the case: a law not kept fails, our own fault is an error."""
    if part.outcome == "holds":
        return ""
    return (
        "failure"
        if part.outcome in {"broken", "not reached", "out of time"}
        else "error"
    )


def _first_line(part: Part) -> str:
    lines = part.text.splitlines()
    return lines[0].strip() if lines else part.outcome


def _legal(text: str) -> str:
    """Return a text without what XML cannot hold, as pytest tells it: `#x1B`."""
    return _ILLEGAL.sub(lambda found: f"#x{ord(found.group()):02X}", text)
