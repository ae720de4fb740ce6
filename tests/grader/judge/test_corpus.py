from pathlib import Path

import pytest

from grader.judge import cache
from grader.judge.cases import (
    LAW_TEST,
    Case,
    LawTest,
    cases,
    law,
    make_case,
    restore,
    store,
)
from grader.judge.corpus import corpus_for, draw
from grader.judge.draws import blobs, integers, lists, seconds
from grader.judge.play import Play


@law("the-law")
@cases(
    count=30,
    takes=lists(seconds(), 1, 6),
    limit=integers(1, 4),
    data=blobs(),
    examples=[{"takes": [1.0], "limit": 1, "data": b"\xff"}],
    assume=lambda takes, limit, **_: len(takes) >= limit,
)
def waits(play: Play, takes: list[float], limit: int, data: bytes) -> None:
    """A hidden test that is only drawn for."""


@pytest.fixture
def test() -> LawTest:
    found: LawTest = getattr(waits, LAW_TEST)
    return found


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_cases_are_distinct_and_as_many_as_wanted(test: LawTest) -> None:
    found = draw(test, 0)

    assert len({case.id for case in found}) == len(found) == 30


def test_assumptions_hold_for_every_drawn_case(test: LawTest) -> None:
    assert all(
        len(case.values["takes"]) >= case.values["limit"] for case in draw(test, 0)
    )


def test_one_seed_draws_the_same_cases_every_time(test: LawTest) -> None:
    assert draw(test, 7) == draw(test, 7)


def test_another_seed_draws_other_cases(test: LawTest) -> None:
    assert draw(test, 7) != draw(test, 8)


def test_a_kept_corpus_is_the_drawn_one(test: LawTest) -> None:
    drawn = corpus_for("small", b"source", [test], 0)
    kept = corpus_for("small", b"source", [test], 0)

    assert (kept.hash, kept.of(test.name)) == (drawn.hash, drawn.of(test.name))


def test_a_spoilt_file_is_drawn_anew(test: LawTest) -> None:
    drawn = corpus_for("small", b"source", [test], 0)
    (file,) = (cache.folder() / "corpus" / "small").iterdir()
    file.write_bytes(b"spoilt")

    assert corpus_for("small", b"source", [test], 0).hash == drawn.hash


def test_without_a_writable_cache_the_corpus_is_the_same(
    test: LawTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = corpus_for("small", b"source", [test], 0)
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")

    assert corpus_for("small", b"source", [test], 0).hash == drawn.hash


def test_examples_come_first(test: LawTest) -> None:
    corpus = corpus_for("small", b"source", [test], 0)

    assert corpus.of(test.name)[0].values == {
        "takes": [1.0],
        "limit": 1,
        "data": b"\xff",
    }


def test_a_case_is_found_by_its_id(test: LawTest) -> None:
    corpus = corpus_for("small", b"source", [test], 0)
    case = corpus.of(test.name)[5]

    assert corpus.find(case.id) == (test.name, case)
    assert corpus.find("00000000") is None


def test_a_stored_case_is_restored() -> None:
    case = make_case(
        "a_test", {"a": [1.5, None, "x"], "b": b"\x00", "c": {"k": (1, True)}}, [3, 1]
    )

    assert restore("a_test", store(case)) == case


def test_the_order_of_values_does_not_change_the_id() -> None:
    left = make_case("a_test", {"a": 1, "b": 2}, [])
    right = make_case("a_test", {"b": 2, "a": 1}, [])

    assert left.id == right.id


def test_the_secret_is_the_same_in_every_run() -> None:
    assert cache.secret() == cache.secret()
    assert (cache.folder() / "secret").stat().st_mode & 0o077 == 0


def test_a_test_without_draws_has_one_case() -> None:
    @law("the-law")
    def plain(play: Play) -> None:
        """Nothing is drawn for it."""

    found: LawTest = getattr(plain, LAW_TEST)

    assert [case.values for case in found.examples()] == [{}]
    assert isinstance(found.examples()[0], Case)
