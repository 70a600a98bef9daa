"""The ledger takes no more movements: nobody is served; what the devices know goes on record when there is room again (P4)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from terminal.devices.api import DeviceStatus, ProofLine, Readiness, Resettable
from terminal.fsm.states import State
from terminal.journal import entries as e
from terminal.journal.store import Journal
from terminal.money.codec import frame_of
from terminal.money.desk import MoneyDesk
from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.ledger import FILE_NAME, Ledger
from terminal.money.movements import AcceptorSeen, AccountOpened, CoinInserted, Movement
from terminal.money.settling import AccountSettler
from terminal.money.state import LedgerState
from terminal.money.till import Till
from terminal.processes.channel import Channel
from terminal.reports import MoneyMoved
from tests import journal_kit
from tests.supervisor_kit import CUSTOMER, Shop, began, wait_for_ever

COIN = CoinInserted(coin_yen=100, counter=1)


class FullLedger(Ledger):
    """A ledger whose disk is full for coins while ``full``."""

    full = False

    def record(self, movement: Movement) -> LedgerState:
        if FullLedger.full and isinstance(movement, CoinInserted):
            raise LedgerError(LedgerCode.DISK_FULL, "expected room on the disk, there is none; make room")
        return super().record(movement)


@dataclass(frozen=True, slots=True)
class CoinBox:
    """A device that has counted one coin, and puts it on record in the reset if it is not there yet."""

    till: Till
    inserted: Path

    def readiness(self) -> Readiness:
        return Readiness("payment", DeviceStatus.ONLINE, "one coin is inside")

    def clear(self) -> None:
        if self.inserted.exists() and self.till.state.counters.acceptor == 0:
            self.till.record(COIN)

    def prove(self) -> ProofLine:
        return ProofLine("payment", True, "ledger and devices agree")


def test_a_coin_that_could_not_be_recorded_is_found_when_there_is_room_again(tmp_path: Path) -> None:
    coin = tmp_path / "coin"

    def pays(channel: Channel, _private: Path) -> int:
        reporter = began(channel)
        for movement in (AcceptorSeen(counter=0, accepted_total=0), AccountOpened(customer=CUSTOMER, fee_yen=200)):
            reporter.report(MoneyMoved(movement=frame_of(movement)))
        coin.touch()
        reporter.report(MoneyMoved(movement=frame_of(COIN)))
        time.sleep(600)
        return 0

    def open_money(journal: Journal) -> AccountSettler:
        return AccountSettler(MoneyDesk(FullLedger(tmp_path / FILE_NAME, journal_kit.clock(), "T-1")), journal)

    def open_devices(till: Till) -> Mapping[str, Resettable]:
        return {"payment": CoinBox(till, coin)}

    shop = Shop(tmp_path, [pays, wait_for_ever], open_money=open_money, resettables=open_devices)
    FullLedger.full = True
    try:
        shop.open()
        shop.turn_until(lambda: shop.supervisor.out_of_service_code == LedgerCode.DISK_FULL)
        assert shop.shown[-1].reason == LedgerCode.DISK_FULL
    finally:
        FullLedger.full = False
    shop.clock.advance(20)
    shop.turn_until(lambda: shop.supervisor.state is State.IDLE)
    assert shop.of(e.ClaimOpened) == [e.ClaimOpened(amount_yen=100, code="LEDGER_SESSION_ENDED")]
    with_room = Ledger(tmp_path / FILE_NAME, journal_kit.clock(), "T-1")
    assert with_room.state.totals.owed_yen == 100
    with_room.close()
    shop.close()
