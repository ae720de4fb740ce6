import bz2
import gzip
import lzma
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.submission import MAX_BYTES, Rejected
from grader.submission.archive import answer_in

from .handed import header, member, tar_up, zip_up

SAMPLES = [
    zip_up("notes.txt", "semaphore.py"),
    zip_up("mine.py", content=bytes(3000)),
    tar_up(member("a/semaphore.py"), header("b", tarfile.SYMTYPE, linkname="c")),
    tar_up(member("pax", b"13 path=a.py\n", tarfile.XHDTYPE), member("x")),
    tar_up(member("long", b"y.py", tarfile.GNUTYPE_LONGNAME), member("x")),
]
PACKINGS = [bytes, gzip.compress, bz2.compress, lzma.compress]
CHANGES = st.lists(
    st.tuples(st.integers(0, 4000), st.binary(max_size=8), st.integers(0, 8)),
    max_size=4,
)
FEW = settings(max_examples=60, deadline=None)


def outcome(packed: bytes) -> str:
    try:
        place, source = answer_in(packed, "semaphore.py", "a.zip")
    except Rejected as refusal:
        return str(refusal)
    assert place.endswith(".py")
    assert len(source) <= MAX_BYTES
    return "taken"


def changed(packed: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    for at, new, left_out in changes:
        start = at % (len(packed) + 1)
        packed = packed[:start] + new + packed[start + left_out :]
    return packed


def with_sums(archive: bytes) -> bytes:
    """The same tar archive, each block with the sum that makes it a header."""
    blocks = [archive[at : at + 512] for at in range(0, len(archive) - 511, 512)]
    sums = [sum(block[:148]) + sum(block[156:]) + 256 for block in blocks]
    return b"".join(
        block[:148] + b"%06o\0 " % total + block[156:]
        for block, total in zip(blocks, sums, strict=True)
    )


@FEW
@given(st.binary(max_size=2000))
def test_any_bytes_are_taken_in_or_refused(packed: bytes) -> None:
    assert outcome(packed)


@FEW
@given(
    st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh9"]), st.binary()
)
def test_any_bytes_behind_a_good_start_are(start: bytes, rest: bytes) -> None:
    assert outcome(start + rest)


@pytest.mark.parametrize("pack", PACKINGS)
@FEW
@given(packed=st.sampled_from(SAMPLES), changes=CHANGES)
def test_any_change_to_an_archive_is(
    pack: type[bytes], packed: bytes, changes: list[tuple[int, bytes, int]]
) -> None:
    assert outcome(changed(pack(packed), changes))
    assert outcome(pack(changed(packed, changes)))


@FEW
@given(packed=st.sampled_from(SAMPLES[2:]), changes=CHANGES)
def test_any_change_to_a_header_with_a_right_sum_is(
    packed: bytes, changes: list[tuple[int, bytes, int]]
) -> None:
    same_length = [(at, new, len(new)) for at, new, _ in changes]

    assert outcome(with_sums(changed(packed, same_length)))


def test_the_samples_themselves_are_good_or_bad_as_meant() -> None:
    outcomes = [outcome(sample)[:13] for sample in SAMPLES]

    assert outcomes == ["taken", "taken", "a.zip holds b", "taken", "taken"]
