import asyncio

import pytest

from .echo_server import echo_server


async def talk(address: tuple[str, int], *packets: bytes) -> bytes:
    """Send these packets, close the sending side and return all that comes back."""
    reader, writer = await asyncio.open_connection(*address)
    for packet in packets:
        writer.write(packet)
        await writer.drain()
        await asyncio.sleep(0.01)
    writer.write_eof()
    heard = await reader.read()
    writer.close()
    await writer.wait_closed()
    return heard


@pytest.mark.asyncio
async def test_lines_come_back() -> None:
    async with echo_server(idle=5) as address:
        assert await talk(address, b"hello\n", b"you\n") == b"hello\nyou\n"


@pytest.mark.asyncio
async def test_packets_are_no_lines() -> None:
    async with echo_server(idle=5) as address:
        assert await talk(address, b"hel", b"lo\nyou\n") == b"hello\nyou\n"


@pytest.mark.asyncio
async def test_many_clients_at_once() -> None:
    texts = [b"I am %d\n" % number for number in range(20)]

    async with echo_server(idle=5) as address:
        assert await asyncio.gather(*(talk(address, text) for text in texts)) == texts


@pytest.mark.asyncio
async def test_who_is_silent_is_disconnected() -> None:
    async with echo_server(idle=0.1) as address:
        reader, writer = await asyncio.open_connection(*address)

        assert await asyncio.wait_for(reader.read(), 2) == b""
        writer.close()


@pytest.mark.asyncio
async def test_after_the_block_the_port_refuses() -> None:
    async with echo_server(idle=5) as address:
        reader, writer = await asyncio.open_connection(*address)

    assert await reader.read() == b""
    writer.close()
    with pytest.raises(OSError):
        await asyncio.open_connection(*address)
