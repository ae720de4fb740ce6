import asyncio
import hashlib
import threading
import time

import pytest

from .offload_blocking import hash_all


class Hasher:
    """Takes a moment for each blob, and counts how many are being hashed."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.threads: set[int] = set()

    def hash(self, blob: bytes) -> str:
        if blob == b"broken":
            raise OSError("cannot be read")
        self.threads.add(threading.get_ident())
        self.running += 1
        self.most = max(self.most, self.running)
        time.sleep(0.05)
        self.running -= 1
        return hashlib.sha256(blob).hexdigest()


@pytest.mark.asyncio
async def test_hashes_come_in_the_order_of_the_blobs() -> None:
    hashes = await hash_all([b"b", b"a", b"b"], Hasher().hash, threads=2)

    assert hashes == [hashlib.sha256(blob).hexdigest() for blob in (b"b", b"a", b"b")]


@pytest.mark.asyncio
async def test_never_more_than_so_many_threads() -> None:
    hasher = Hasher()

    await hash_all([bytes([number]) for number in range(8)], hasher.hash, threads=3)

    assert hasher.most == 3
    assert threading.get_ident() not in hasher.threads


@pytest.mark.asyncio
async def test_the_loop_goes_on_meanwhile() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    heart = asyncio.create_task(beat())
    await hash_all([b"a", b"b", b"c"], Hasher().hash, threads=1)
    heart.cancel()

    assert beats > 5


@pytest.mark.asyncio
async def test_the_first_error_comes_out() -> None:
    with pytest.raises(OSError, match="cannot be read"):
        await hash_all([b"a", b"broken", b"c"], Hasher().hash, threads=2)


@pytest.mark.asyncio
async def test_less_than_one_thread_is_refused() -> None:
    with pytest.raises(ValueError):
        await hash_all([b"a"], Hasher().hash, threads=0)
