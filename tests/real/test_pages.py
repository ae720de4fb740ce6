"""Our pages in a real browser; their pictures go to build/screens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader import __version__
from grader.catalogue import find, root
from grader.interview import FILE, log, session
from grader.interview.log import Began, Graded
from grader.interview.seeds import seed_of_saves
from grader.judge.grade import Request, close, grade
from grader.submission import read

from .browser import HEIGHT, NARROWEST, Look, ask, console, picture, printed

KATA = Path(sys.executable).with_name("kata")
LOOKS: list[Look] = [
    ("light", 400),
    ("dark", 400),
    ("light", 1400),
    ("dark", 1400),
]
CLASS = {
    "s-101": ("reference", "reference"),
    "s-102": ("wrong/four_at_most", "wrong/not_awaited"),
    "s-103": ("wrong/batches", None),
    "s-104": ("wrong/batches", "def f(:\n"),
}
SECTIONS = {
    "report": ["summary", "laws", "students", "alike", "faults", "downloads"],
    "interview": ["laws", "fresh", "last", "history"],
    "verdict": [],
}

UNREADABLE = """(() => {
  const channel = value => (value /= 255) <= 0.04045
    ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = color => {
    const [red, green, blue] = color.match(/[\\d.]+/g).map(Number).map(channel);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const clear = color => color.endsWith(", 0)");
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if (!clear(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(
      each => each.nodeType === Node.TEXT_NODE && each.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("script, title, desc"))
      continue;
    const style = getComputedStyle(element);
    const ink = element.closest("svg") ? style.fill : style.color;
    const [low, high] = [light(ink), light(behind(element))].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) poor.push([element.tagName, element.textContent, contrast]);
  }
  return poor;
})()"""
"""All text that stands out less than WCAG 2.2 asks of level AA (1.4.3)."""


@pytest.fixture(scope="module", params=SECTIONS)
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Make a page, and open all that a reader can open."""
    home = tmp_path_factory.mktemp(request.param)
    makers = {
        "report": graded_class,
        "interview": held_interview,
        "verdict": one_verdict,
    }
    made = makers[request.param](home)
    text = made.read_text(encoding="utf-8")
    made.write_text(text.replace("<details", "<details open"), encoding="utf-8")
    return made


def graded_class(home: Path) -> Path:
    for student, answers in CLASS.items():
        for slug, answer in zip(("semaphore", "hello_await"), answers, strict=True):
            write(home / "in" / student / f"{slug}.py", slug, answer)
    kata("grade", home / "in", "--out", home / "out")
    return home / "out" / "report.html"


def held_interview(home: Path) -> Path:
    """Write a log as three saves would, and have the report made of it."""
    slug = "semaphore"
    found = find(slug, root())
    words = "blue horse"
    seed = seed_of_saves(words)
    began = Began(slug, 45.0, words, seed, __version__, "3.11.7")
    answers = ("wrong/four_at_most", "wrong/batches", "reference", "wrong/batches")
    with log.begun(home / FILE, began) as added:
        for each in answers:
            answer = read(found.solutions / f"{each}.py")
            session.save(added, answer)
            verdict = grade(Request(found, answer, seed), 2)
            added.add(Graded(answer.sha256, session.bare(verdict)))
        session.go_on(added)
        session.conclude(added, "finished", lambda *_: verdict, found)
    close()
    kata("interview", "report", home / FILE)
    return home / "interview.html"


def one_verdict(home: Path) -> Path:
    """Grade an answer that breaks a law, and have the page written."""
    answer = root() / "solutions/semaphore/wrong/batches.py"
    page = home / "verdict.html"
    told = subprocess.run(
        [KATA, "test", "semaphore", "--file", answer, "--html", page],
        cwd=root(),
        check=False,
        capture_output=True,
    )
    assert told.returncode == 1
    return page


def kata(*words: str | Path) -> None:
    subprocess.run([KATA, *words], cwd=root(), check=True, capture_output=True)


def write(path: Path, slug: str, answer: str | None) -> None:
    """Hand in one of our answers, or this very text; None is nothing handed in."""
    if answer is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    named = root() / "solutions" / slug / f"{answer}.py"
    path.write_text(answer if "\n" in answer else named.read_text())


def called(look: Look) -> str:
    return f"{look[0]}-{look[1]}"


@pytest.mark.parametrize("look", LOOKS, ids=called)
def test_the_page_opens_without_a_word_in_the_console(page: Path, look: Look) -> None:
    assert console(page, look) == []


@pytest.mark.parametrize("look", LOOKS, ids=called)
def test_a_picture_of_the_whole_page_is_made(page: Path, look: Look) -> None:
    to = root() / "build" / "screens" / f"{page.stem}-{called(look)}.png"

    assert picture(page, look, to) == (max(look[1], NARROWEST), HEIGHT)


@pytest.mark.parametrize("look", LOOKS, ids=called)
def test_nothing_but_what_scrolls_by_itself_is_wider_than_the_window(
    page: Path, look: Look
) -> None:
    assert ask(page, look, "document.documentElement.scrollWidth") == look[1]


@pytest.mark.parametrize("look", LOOKS, ids=called)
def test_all_text_stands_out_from_what_is_behind_it(page: Path, look: Look) -> None:
    assert ask(page, look, UNREADABLE) == []


def test_each_section_is_there_and_shows(page: Path) -> None:
    shown = (
        "[...document.querySelectorAll('body > footer[id], main > section[id]')]"
        ".filter(each => each.clientHeight > 20).map(each => each.id)"
    )

    assert sorted(ask(page, ("light", 1400), shown)) == sorted(SECTIONS[page.stem])


def test_all_that_can_be_opened_or_followed_is_reached_by_keyboard(page: Path) -> None:
    not_reached = (
        "[...document.querySelectorAll('a, summary')]"
        ".filter(each => each.tabIndex !== 0).length"
    )

    assert ask(page, ("light", 1400), not_reached) == 0


def test_it_prints(page: Path, tmp_path: Path) -> None:
    assert printed(page, tmp_path / "page.pdf").startswith(b"%PDF")
