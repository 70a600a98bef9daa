"""A customer's process knows the ledger by the same rules as its owner, and never says what was not put on record."""

import pytest

from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.movements import AccountClosed, CoinInserted, Movement
from terminal.money.state import LedgerState
from terminal.money.till import RemoteTill
from tests.ledger_kit import a_day_of_money, told


def test_both_say_the_same() -> None:
    sent: list[Movement] = []
    till = RemoteTill(LedgerState(), sent.append)
    for movement in a_day_of_money():
        assert till.record(movement) == till.state == told(*sent)
    assert tuple(sent) == a_day_of_money()


def test_what_cannot_follow_is_not_even_sent() -> None:
    sent: list[Movement] = []
    till = RemoteTill(LedgerState(), sent.append)
    with pytest.raises(LedgerError):
        till.record(AccountClosed())
    assert sent == []


def test_what_the_owner_did_not_record_did_not_happen() -> None:
    def full(_: Movement) -> None:
        raise LedgerError(LedgerCode.DISK_FULL, "expected room, got none; make room")

    till = RemoteTill(LedgerState(), full)
    with pytest.raises(LedgerError):
        till.record(CoinInserted(coin_yen=100, counter=1))
    assert till.state == LedgerState()
