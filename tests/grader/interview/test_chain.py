"""A chain of lines: what is changed in it shows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.interview import chain
from grader.interview.phrase import phrase, same

NONCE = "blue horse"
LINE = st.binary(max_size=20).filter(lambda each: b"\n" not in each)
LINES = st.lists(LINE, min_size=1)


def written(folder: Path, lines: list[bytes]) -> Path:
    path = folder / "chain"
    with chain.begun(path, NONCE) as added:
        for line in lines:
            added.add(line)
    return path


@given(LINES)
def test_what_is_written_is_whole_and_reads_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = written(tmp_path_factory.mktemp("chain"), lines)

    links, torn = chain.read(path)

    assert [link.data for link in links] == lines
    assert not torn
    assert chain.first_break(links, NONCE) is None


@given(LINES, st.data())
def test_the_line_with_the_changed_byte_is_named(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("chain"), lines)
    text = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(text) - 2))
    number = text[:place].count(b"\n") + 1
    text[place] = data.draw(
        st.integers(0, 255).filter(lambda byte: byte != text[place])
    )
    path.write_bytes(text)

    found = chain.first_break(chain.read(path)[0], NONCE)

    assert found is not None
    assert found.number == number


@given(st.lists(LINE, min_size=2, unique=True), st.data())
def test_a_line_that_was_taken_away_is_missed_where_it_stood(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("chain"), lines)
    kept = path.read_bytes().split(b"\n")
    place = data.draw(st.integers(0, len(lines) - 2))
    path.write_bytes(b"\n".join(kept[:place] + kept[place + 1 :]))

    found = chain.first_break(chain.read(path)[0], NONCE)

    assert found is not None
    assert found.number == place + 1


def test_another_nonce_does_not_begin_it(tmp_path: Path) -> None:
    path = written(tmp_path, [b"one", b"two"])

    assert chain.first_break(chain.read(path)[0], "red horse") == chain.Break(
        1, "its hash does not follow from what stands before it"
    )


def test_half_a_line_that_a_crash_left_is_taken_off(tmp_path: Path) -> None:
    path = written(tmp_path, [b"one"])
    with path.open("ab") as file:
        file.write(b"5af3 half")

    with chain.resumed(path, NONCE) as added:
        added.add(b"two")

    links, torn = chain.read(path)
    assert [link.data for link in links] == [b"one", b"two"]
    assert not torn
    assert chain.first_break(links, NONCE) is None


def test_two_at_once_cannot_add_to_it(tmp_path: Path) -> None:
    path = written(tmp_path, [b"one"])

    with (
        chain.resumed(path, NONCE),
        pytest.raises(chain.Busy),
        chain.resumed(path, NONCE),
    ):
        pass


def test_a_line_holds_no_other(tmp_path: Path) -> None:
    with (
        chain.begun(tmp_path / "chain", NONCE) as added,
        pytest.raises(ValueError, match="a line cannot hold another"),
    ):
        added.add(b"one\ntwo")


# The examples of the proposal: an address is two words.
@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ((127, 0, 0, 1, 63, 84, 220, 193), "lusab-babad-gutih-tugad"),
        ((140, 98, 193, 141, 64, 255, 6, 200), "mudof-sakat-haguz-biram"),
    ],
)
def test_bits_are_read_as_the_proposal_says(
    addresses: tuple[int, ...], words: str
) -> None:
    assert phrase(bytes(addresses)) == words


@pytest.mark.parametrize("typed", ["Lusab babad", "lusab-babad", " LUSABBABAD. "])
def test_words_are_the_same_however_they_are_typed(typed: str) -> None:
    assert same("lusab-babad", typed)
    assert not same("lusab-babag", typed)


def test_a_chain_whose_place_was_taken_is_put_back(tmp_path: Path) -> None:
    path = tmp_path / "chain"
    with chain.begun(path, NONCE) as added:
        added.add(b"one")
        beside = tmp_path / "copy"
        beside.write_bytes(path.read_bytes())
        beside.replace(path)
        added.add(b"two")
        path.unlink()
        added.add(b"three")

    links, torn = chain.read(path)
    assert [link.data for link in links] == [b"one", b"two", b"three"]
    assert not torn
    assert chain.first_break(links, NONCE) is None
    assert list(tmp_path.iterdir()) == [path]


def test_where_there_is_no_room_the_chain_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "chain"
    code = f"""
import resource, signal
import os
import subprocess
import sys
from pathlib import Path
from grader.interview import chain
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with chain.begun(Path({str(path)!r}), {NONCE!r}) as added:
    added.add(b"one")
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
    try:
        added.add(b"x" * 100)
    except OSError as error:
        print(error.strerror)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    added.add(b"two")
"""

    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    links, _ = chain.read(path)
    assert told.stdout == "File too large\n"
    assert [link.data for link in links] == [b"one", b"two"]
    assert chain.first_break(links, NONCE) is None


@pytest.mark.timeout(10)
def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError, match="it is no plain file"):
            chain.read(path)


@pytest.mark.parametrize(
    ("text", "left"), [(b"", []), (b"half", []), (b"a b\n", ["chain"])]
)
def test_a_chain_that_never_began_is_cleared_away(
    text: bytes, left: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "chain"
    path.write_bytes(text)

    chain.clear_stillborn(path)

    assert [each.name for each in tmp_path.iterdir()] == left
