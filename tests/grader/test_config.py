from pathlib import Path

import pytest

from grader import config


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "asyncio-katas" / "config.toml"
    file.parent.mkdir()
    return file


def complaint(file: Path, text: str) -> str:
    file.write_text(text, "utf-8")
    with pytest.raises(config.Malformed) as caught:
        config.read()
    return str(caught.value)


def test_without_a_file_nothing_is_set(file: Path) -> None:
    assert config.read() == config.Config()


def test_folders_of_katas_count_from_the_file(file: Path) -> None:
    course = file.parent / "course"
    course.joinpath("katas").mkdir(parents=True)
    file.write_text('[katas]\npaths = ["course"]\n', "utf-8")

    assert config.read().katas == (course.resolve(),)


def test_a_folder_of_katas_may_begin_at_home(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("course", "katas").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    file.write_text('[katas]\npaths = ["~/course"]\n', "utf-8")

    assert config.read().katas == (tmp_path.joinpath("course").resolve(),)


def test_a_folder_without_katas_is_named(file: Path, tmp_path: Path) -> None:
    said = complaint(file, f'[katas]\npaths = ["{tmp_path}"]\n')

    assert said == (
        f"{file}: {tmp_path.resolve()} has no folder katas - at $.katas.paths"
    )


def test_a_wrong_type_is_named_with_its_place(file: Path) -> None:
    assert complaint(file, "[katas]\npaths = 3\n") == (
        f"{file}: Expected array, got int - at $.katas.paths"
    )


def test_an_unknown_setting_is_refused(file: Path) -> None:
    assert complaint(file, "[kata]\n") == f"{file}: Object contains unknown field kata"


def test_a_file_that_is_no_toml_cannot_be_read(file: Path) -> None:
    assert complaint(file, "[katas").startswith(f"{file}: cannot be read: ")


def test_elsewhere_the_file_is_in_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert config.path() == tmp_path / ".config" / "asyncio-katas" / "config.toml"
