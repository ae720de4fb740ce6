from pathlib import Path

from .conftest import Command

WRONG = "solutions/semaphore/wrong/own_semaphores.py"


def test_a_verdict_is_written_as_a_page_too(kata: Command, tmp_path: Path) -> None:
    page = tmp_path / "pages" / "semaphore.html"

    printed = kata("test", "semaphore", "--file", WRONG, "--quiet", "--html", page)

    assert printed.code == 1
    assert "At most 3 may run at once; 5 ran at t=0.0s." in page.read_text("utf-8")


def test_a_page_that_cannot_be_written_is_told(kata: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    printed = kata(
        "test", "semaphore", "--file", WRONG, "--html", tmp_path / "file" / "page.html"
    )

    assert printed.code == 4
    assert printed.err == (
        f"{tmp_path}/file cannot be written: File exists. Make room, or name another place "
        "with --html.\n"
    )
