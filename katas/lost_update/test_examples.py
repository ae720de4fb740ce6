import asyncio

import pytest

from .lost_update import Bank, InsufficientFunds


class SlowStore:
    """Keeps balances, and takes its time."""

    def __init__(self, **balances: int) -> None:
        self.balances = balances
        self.reads = 0
        self.is_down = False

    async def read(self, account: str) -> int:
        self.reads += 1
        await asyncio.sleep(0.01)
        if self.is_down:
            raise ConnectionError("no answer")
        return self.balances[account]

    async def write(self, account: str, balance: int) -> None:
        await asyncio.sleep(0.01)
        self.balances[account] = balance


@pytest.mark.asyncio
async def test_no_deposit_is_lost() -> None:
    store = SlowStore(a=100)
    bank = Bank(store)

    found = await asyncio.gather(*(bank.deposit("a", 5) for _ in range(4)))

    assert found == [105, 110, 115, 120]
    assert store.balances == {"a": 120}


@pytest.mark.asyncio
async def test_accounts_do_not_wait_for_each_other() -> None:
    store = SlowStore(a=100, b=100)
    bank = Bank(store)
    calls = [
        asyncio.create_task(bank.deposit("a", 5)),
        asyncio.create_task(bank.withdraw("b", 5)),
    ]

    await asyncio.sleep(0.005)
    assert store.reads == 2

    await asyncio.gather(*calls)
    assert store.balances == {"a": 105, "b": 95}


@pytest.mark.asyncio
async def test_of_two_withdrawals_only_one_succeeds() -> None:
    store = SlowStore(a=100)
    bank = Bank(store)

    first, second = await asyncio.gather(
        bank.withdraw("a", 60), bank.withdraw("a", 60), return_exceptions=True
    )

    assert first == 40
    assert isinstance(second, InsufficientFunds)
    assert store.balances == {"a": 40}


@pytest.mark.asyncio
async def test_after_an_error_the_account_is_usable() -> None:
    store = SlowStore(a=100)
    bank = Bank(store)
    store.is_down = True

    with pytest.raises(ConnectionError):
        await bank.deposit("a", 5)

    store.is_down = False
    async with asyncio.timeout(1):
        assert await bank.deposit("a", 7) == 107


@pytest.mark.asyncio
@pytest.mark.parametrize("amount", [0, -5])
async def test_the_amount_must_be_positive(amount: int) -> None:
    store = SlowStore(a=100)

    with pytest.raises(ValueError):
        await Bank(store).deposit("a", amount)

    assert store.reads == 0
