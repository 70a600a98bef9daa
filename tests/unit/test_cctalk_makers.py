"""Other makers' mechanisms: CRC in place of the sum, the event's bytes turned round, no echo, another key; on a bad line, too."""

from itertools import product
from typing import Final

import pytest

from simulator.devices.fault_plan import After, UntilCleared
from simulator.devices.line_faults import LineFault
from terminal.devices.coins.api import CoinPoll, CoinsFailed, Credit, DispenseOutcome
from terminal.devices.coins.frames import Checksum
from terminal.devices.coins.hopper import DispenseKey
from tests.coins_kit import Makers, model_shop

MAKERS: Final = [Makers(*each) for each in product(Checksum, (True, False), (True, False), DispenseKey)]
FAR_MAKER: Final = Makers(Checksum.CRC, coin_first=False, echo=False, key=DispenseKey.ZEROS)


@pytest.mark.parametrize("makers", MAKERS)
def test_coins_go_in_and_out(makers: Makers) -> None:
    shop = model_shop(makers=makers)
    assert shop.coins.readiness().faults == ()
    before = shop.open()
    shop.insert(100, 500)
    assert shop.poll(before) == CoinPoll(before + 2, (Credit(100, before + 1), Credit(500, before + 2)))
    assert shop.hopper().dispense(3) == DispenseOutcome(3)
    shop.coins.clear()
    assert shop.coins.prove().proved


@pytest.mark.parametrize("fault", LineFault)
def test_a_line_fault_that_stays_is_a_level_until_it_is_healed(fault: LineFault) -> None:
    shop = model_shop(makers=FAR_MAKER)
    shop.harm(fault, UntilCleared())
    assert shop.levels()
    shop.faults.heal()
    shop.plug()
    assert shop.heals()


@pytest.mark.parametrize("nth", range(6))
@pytest.mark.parametrize("fault", LineFault)
def test_money_is_counted_once_whatever_happens_to_the_line(fault: LineFault, nth: int) -> None:
    """By the CRC no answer has a sender: a late one of the acceptor must not pass for the hopper's."""
    shop = model_shop(makers=FAR_MAKER)
    position = shop.open()
    before = shop.hopper().dispensed_total()
    assert before == 0
    shop.harm(fault, After(nth))
    shop.insert(100, 10)
    poll = shop.coins.acceptor.poll(position)
    shop.hopper().dispense(2)
    shop.faults.heal()
    shop.plug()
    credited = sum(credit.coin_yen for credit in poll.credits) if isinstance(poll, CoinPoll) else 0
    last = shop.poll(poll.counter if isinstance(poll, CoinPoll) else position)
    credited += sum(credit.coin_yen for credit in last.credits)
    assert credited == 110 or (fault is LineFault.DEVICE_RESET and credited == 0)
    settled = shop.hopper().settle(before)
    assert not isinstance(settled, CoinsFailed)
    assert settled.paid_coins == len(shop.model.tray) <= 2
