from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from grader import catalogue, wire
from grader.catalogue import (
    Diagnosis,
    Kata,
    MalformedKata,
    NoKatas,
    UnknownKata,
    UnknownLaw,
)

TOML = """
title = "At most N at a time"
summary = "Fetch many pages, never more than a few at once."
track = "limits"
level = 2
minutes = 25
needs = ["gather_in_order"]
topics = ["Semaphore", "TaskGroup"]
[[interface]]
name = "fetch_limited"
kind = "async"
positional = ["fetch", "urls", "limit"]
[[laws]]
id = "at-most-limit"
says = "at most `limit` fetches run at once"
kind = "concurrency"
evidence = "judge"
points = 80
hints = ["a nudge", "a near-answer"]
[[laws]]
id = "nothing-left"
says = "nothing is left running"
kind = "cancellation"
evidence = "observed"
points = 20
hints = ["a nudge"]
[[diagnoses]]
law = "at-most-limit"
sign = "too-many"
text = "Each task has a semaphore of its own."
[[diagnoses]]
law = "at-most-limit"
sign = ""
text = "Count again."
"""


def write(root: Path, text: str = TOML, slug: str = "semaphore") -> Path:
    folder = root / "katas" / slug
    folder.mkdir(parents=True)
    (folder / "kata.toml").write_text(text, "utf-8")
    return root


def read(root: Path, text: str = TOML) -> Kata:
    return catalogue.find("semaphore", write(root, text))


def complaint_about(root: Path, old: str, new: str) -> str:
    assert old in TOML
    with pytest.raises(MalformedKata) as caught:
        read(root, TOML.replace(old, new, 1))
    return str(caught.value)


# --- what stands in the file --------------------------------------------------


def test_a_kata_holds_what_its_file_says(tmp_path: Path) -> None:
    kata = read(tmp_path)

    assert (kata.slug, kata.title, kata.level) == (
        "semaphore",
        "At most N at a time",
        2,
    )
    assert kata.needs == ("gather_in_order",)
    assert [law.points for law in kata.laws] == [80, 20]
    assert kata.law("at-most-limit").hints == ("a nudge", "a near-answer")


def test_what_may_be_left_out_is_empty(tmp_path: Path) -> None:
    kata = read(tmp_path)

    assert (kata.allow, kata.records, kata.observed_reason) == ((), (), "")


def test_a_kata_knows_where_its_files_are(tmp_path: Path) -> None:
    kata = read(tmp_path)

    assert kata.folder == tmp_path / "katas/semaphore"
    assert kata.stub == tmp_path / "katas/semaphore/semaphore.py"
    assert kata.readme == tmp_path / "katas/semaphore/README.md"
    assert kata.laws_path == tmp_path / "tests/katas/semaphore/test_laws.py"
    assert kata.scenarios == tmp_path / "tests/katas/semaphore/scenarios.py"
    assert kata.solutions == tmp_path / "solutions/semaphore"


def test_the_interface_is_told_to_the_player(tmp_path: Path) -> None:
    assert read(tmp_path).needs_on_wire() == [
        wire.Need("fetch_limited", "async", ["fetch", "urls", "limit"], [])
    ]


def test_the_wire_knows_the_same_kinds_of_call() -> None:
    assert get_type_hints(wire.Need)["kind"] == catalogue.CallKind


def test_each_track_has_a_title() -> None:
    assert get_args(catalogue.Track) == tuple(catalogue.TRACKS)


# --- diagnoses and laws -------------------------------------------------------


def test_a_diagnosis_is_found_by_its_sign(tmp_path: Path) -> None:
    text = read(tmp_path).diagnosis("at-most-limit", "too-many")

    assert text == "Each task has a semaphore of its own."


def test_an_empty_sign_stands_for_any_other(tmp_path: Path) -> None:
    assert read(tmp_path).diagnosis("at-most-limit", "too-few") == "Count again."


def test_a_diagnosis_with_more_conditions_is_meant_where_they_are_met() -> None:
    about = [
        Diagnosis("a", "", "any"),
        Diagnosis("a", "late", "late"),
        Diagnosis("a", "late", "late and b lost", broken=("b",)),
        Diagnosis("a", "late", "late, b lost, c held", broken=("b",), held=("c",)),
    ]

    def told(sign: str, **outcomes: str) -> str:
        fitting = [each for each in about if each.fits("a", sign, outcomes)]
        return max(fitting, key=lambda each: each.precision).text

    assert told("early", b="broken") == "any"
    assert told("late", b="holds", c="holds") == "late"
    assert told("late", b="out of time", c="not reached") == "late and b lost"
    assert told("late", b="broken", c="holds") == "late, b lost, c held"


def test_a_law_without_diagnosis_has_none(tmp_path: Path) -> None:
    assert read(tmp_path).diagnosis("nothing-left", "too-many") == ""


def test_an_unknown_law_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownLaw) as caught:
        read(tmp_path).law("at-most-limt")

    assert str(caught.value) == (
        'semaphore has no law called "at-most-limt"; did you mean "at-most-limit"?'
    )


def test_an_unknown_law_near_to_none_names_them_all(tmp_path: Path) -> None:
    with pytest.raises(UnknownLaw) as caught:
        read(tmp_path).law("x")

    assert str(caught.value) == (
        'semaphore has no law called "x"; its laws are at-most-limit, nothing-left'
    )


# --- what is wrong with a file ------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("points = 80", 'points = "80"', "Expected int, got str - at $.laws[0].points"),
        ("points = 80", "points = 0", "Expected int >= 1 - at $.laws[0].points"),
        ("level = 2", "level = 6", "Expected int <= 5 - at $.level"),
        ("level = 2", "", "Object missing required field level"),
        ("level = 2", "level = 2\nhard = true", "Object contains unknown field hard"),
        ('"limits"', '"limitz"', "Invalid enum value 'limitz' - at $.track"),
        (
            'hints = ["a nudge"]',
            'hints = [""]',
            "Expected str of length >= 1 - at $.laws[1].hints[0]",
        ),
        (
            '"at-most-limit"',
            '"At_most"',
            "Expected str matching regex '^[a-z0-9]+(-[a-z0-9]+)*$' - at $.laws[0].id",
        ),
        (
            'kind = "async"',
            'kind = "lazy"',
            "Invalid enum value 'lazy' - at $.interface[0].kind",
        ),
        ("points = 80", "points = 70", "points add up to 90; make it 100 - at $.laws"),
        (
            '"nothing-left"',
            '"at-most-limit"',
            "law at-most-limit is there twice; rename one - at $.laws[1]",
        ),
        (
            'law = "at-most-limit"',
            'law = "nothing"',
            'no law called "nothing"; did you mean "nothing-left"? - at $.diagnoses[0].law',
        ),
        (
            'sign = "too-many"',
            'sign = ""',
            'at-most-limit has "" twice; drop one - at $.diagnoses[1].sign',
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    told = complaint_about(tmp_path, old, new)

    assert told == f"katas/semaphore/kata.toml: {complaint}"


def test_a_file_that_is_no_toml_says_where(tmp_path: Path) -> None:
    told = complaint_about(tmp_path, "level = 2", "level 2")

    assert told == (
        "katas/semaphore/kata.toml: cannot be read: "
        "Expected '=' after a key in a key/value pair (at line 5, column 7)"
    )


def test_two_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = complaint_about(tmp_path, "points = 20", "points = 30")

    assert told == (
        "katas/semaphore/kata.toml: points add up to 110; make it 100 - at $.laws\n"
        "katas/semaphore/kata.toml: observed laws carry 30 points, at most 25 may be; "
        "move points to judged laws or set observed_reason - at $.laws"
    )


def test_more_observed_points_need_a_reason(tmp_path: Path) -> None:
    text = TOML.replace("points = 80", "points = 60").replace("= 20", "= 40")

    kata = read(tmp_path, 'observed_reason = "tasks alive"\n' + text)

    assert kata.observed_reason == "tasks alive"


@pytest.mark.parametrize("slug", ["rate-limiter", "Semaphore", "class"])
def test_a_slug_is_a_name_in_python(tmp_path: Path, slug: str) -> None:
    with pytest.raises(MalformedKata) as caught:
        catalogue.find(slug, write(tmp_path, slug=slug))

    assert str(caught.value) == (
        f"katas/{slug}/kata.toml: the folder must be a lower-case Python name; rename it"
    )


def test_a_slug_fits_its_line(tmp_path: Path) -> None:
    with pytest.raises(MalformedKata) as caught:
        catalogue.find("a" * 31, write(tmp_path, slug="a" * 31))

    assert str(caught.value).endswith("the folder's name is longer than 30; shorten it")


# --- finding and order --------------------------------------------------------


def test_an_unknown_kata_suggests_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownKata) as caught:
        catalogue.find("semafore", write(tmp_path))

    assert str(caught.value) == 'no kata called "semafore"; did you mean "semaphore"?'


def test_an_unknown_kata_near_to_none_points_to_the_list(tmp_path: Path) -> None:
    with pytest.raises(UnknownKata) as caught:
        catalogue.find("../semaphore", tmp_path)

    assert str(caught.value) == (
        'no kata called "../semaphore"; `kata list` names them all'
    )


def test_a_folder_without_a_file_is_no_kata(tmp_path: Path) -> None:
    (write(tmp_path) / "katas" / "draft").mkdir()

    assert catalogue.slugs(tmp_path) == ["semaphore"]


def test_katas_come_by_track_then_level_then_slug(tmp_path: Path) -> None:
    write(tmp_path, slug="b")
    write(tmp_path, slug="a")
    write(tmp_path, TOML.replace("level = 2", "level = 1"), slug="z")
    write(tmp_path, TOML.replace('"limits"', '"foundations"'), slug="y")

    found = catalogue.katas(tmp_path)
    assert [kata.slug for kata in found] == ["y", "z", "a", "b"]
    assert [catalogue.following(kata) for kata in found] == [*found[1:], None]


def test_a_kata_comes_after_those_it_needs(tmp_path: Path) -> None:
    write(tmp_path, TOML.replace('"gather_in_order"', '"c"'), slug="a")
    write(tmp_path, slug="b")
    write(tmp_path, TOML.replace("level = 2", "level = 5"), slug="c")

    assert [kata.slug for kata in catalogue.katas(tmp_path)] == ["c", "a", "b"]


def test_katas_that_need_each_other_still_have_an_order(tmp_path: Path) -> None:
    write(tmp_path, TOML.replace('"gather_in_order"', '"b"'), slug="a")
    write(tmp_path, TOML.replace('"gather_in_order"', '"a"'), slug="b")

    assert [kata.slug for kata in catalogue.katas(tmp_path)] == ["b", "a"]


# --- the repository -----------------------------------------------------------


def test_the_repository_is_where_the_package_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "HOME", write(tmp_path / "ours"))
    monkeypatch.chdir(write(tmp_path / "other"))

    assert catalogue.root() == tmp_path / "ours"


def test_an_installed_package_looks_upwards_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "HOME", tmp_path / "site-packages")
    monkeypatch.chdir(write(tmp_path) / "katas" / "semaphore")

    assert catalogue.root() == tmp_path


def test_outside_the_repository_there_are_no_katas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(NoKatas) as caught:
        catalogue.root()

    assert str(caught.value) == (
        f"no folder katas in or above {tmp_path}; change into the repository"
    )


# --- katas of one's own -------------------------------------------------------


def test_katas_of_a_folder_stand_in_place_of_ours(tmp_path: Path) -> None:
    roots = catalogue.roots([write(tmp_path)])

    assert catalogue.slugs(*roots) == ["semaphore"]


def test_a_folder_without_katas_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(NoKatas) as caught:
        catalogue.roots([tmp_path])

    assert str(caught.value) == (
        f"no folder katas in {tmp_path.resolve()}; `kata new SLUG` begins one"
    )


def test_katas_that_are_configured_stand_beside_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "course", slug="course_work")
    file = tmp_path / "asyncio-katas" / "config.toml"
    file.parent.mkdir()
    file.write_text('[katas]\npaths = ["../course"]\n', "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    found = catalogue.slugs(*catalogue.roots())

    assert {"course_work", "semaphore"} < set(found)


def test_one_name_under_two_roots_is_refused(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one"), write(tmp_path / "other")

    with pytest.raises(MalformedKata) as caught:
        catalogue.slugs(one, other)

    assert str(caught.value) == (
        f"{other}/katas/semaphore/kata.toml: {one} has a kata of that name too; "
        "rename one of the two"
    )


def test_a_kata_of_ones_own_is_named_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kata = read(tmp_path / "course")
    monkeypatch.chdir(tmp_path)

    assert kata.named == ["semaphore", "--katas", "course"]


def test_a_kata_of_ours_is_named_by_its_slug() -> None:
    kata = catalogue.find("semaphore", catalogue.root())

    assert kata.named == ["semaphore"]


@pytest.mark.parametrize("slug", ["queue", "aiohttp"])
def test_a_name_that_hides_a_module_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(MalformedKata) as caught:
        catalogue.find(slug, write(tmp_path, slug=slug))

    assert str(caught.value) == (
        f"katas/{slug}/kata.toml: import {slug} would find the kata, not the module; "
        "rename the folder"
    )
