"""A whole coin mechanism: an acceptor and four hoppers, the cashbox below and the tray in front of the customer.

Every coin that was ever put in is in the tray, in the cashbox, in the path or taken; a test counts them.
"""

from collections.abc import Mapping
from typing import Final

from simulator.devices.coins.acceptor import AcceptorModel
from simulator.devices.coins.faults import CoinsFault
from simulator.devices.coins.hopper import HopperModel
from simulator.devices.fault_plan import FaultPlan
from terminal.clock import Clock

ACCEPTOR: Final = 2
HOPPERS: Final[Mapping[int, int]] = {3: 10, 4: 50, 5: 100, 6: 500}
"""Address and coin of each hopper."""
FULL_COINS: Final = 100


class CoinsModel:
    """The mechanism; ``tray`` is what lies there for the customer, ``taken`` what customers took out of it."""

    def __init__(self, clock: Clock, plan: FaultPlan[CoinsFault] | None = None, coins: int = FULL_COINS) -> None:
        self.plan: FaultPlan[CoinsFault] = plan or FaultPlan()
        self._clock = clock
        self.tray: list[int] = []
        self.taken: list[int] = []
        self.acceptor = AcceptorModel(clock, self.plan, self.tray)
        self.hoppers = {
            address: HopperModel(clock, self.plan, self.tray, coin_yen, coins) for address, coin_yen in HOPPERS.items()
        }
        self.inserted_yen = 0
        self._filled_yen = sum(hopper.coins * hopper.coin_yen for hopper in self.hoppers.values())

    def insert(self, coin_yen: int) -> bool:
        """A person puts a coin into the slot; False when it comes straight back."""
        self.inserted_yen += coin_yen
        return self.acceptor.insert(coin_yen)

    def take(self) -> int:
        """The customer empties the tray; how much was in it, in yen."""
        self.work()
        taken_yen = sum(self.tray)
        self.taken += self.tray
        self.tray.clear()
        return taken_yen

    def fill(self, address: int, coins: int) -> None:
        """Staff put coins into a hopper; raise ``ValueError`` for one that is not there."""
        hopper = self.hopper(address)
        hopper.coins += coins
        self._filled_yen += coins * hopper.coin_yen

    def empty(self, address: int) -> None:
        """Staff take the coins out of a hopper."""
        hopper = self.hopper(address)
        self._filled_yen -= hopper.coins * hopper.coin_yen
        hopper.coins = 0

    def hopper(self, address: int) -> HopperModel:
        """The hopper at ``address``; raise ``ValueError`` for one that is not there."""
        if address not in self.hoppers:
            raise ValueError(f"expected a hopper's address ({', '.join(map(str, self.hoppers))}), came {address}")
        return self.hoppers[address]

    def work(self) -> None:
        """Let the time that passed take effect."""
        self.acceptor.work()
        for hopper in self.hoppers.values():
            hopper.work()

    def unjam(self) -> None:
        """A person frees every path."""
        self.acceptor.unjam()
        for hopper in self.hoppers.values():
            hopper.unjam()

    def heal(self) -> None:
        """Free and fill everything."""
        self.plan.clear()
        self.unjam()
        for address, hopper in self.hoppers.items():
            self.fill(address, max(0, FULL_COINS - hopper.coins))

    def power_cycle(self) -> None:
        """The mechanism loses its power for a moment."""
        self.acceptor.power_cycle()
        for hopper in self.hoppers.values():
            hopper.power_cycle()

    @property
    def kept_yen(self) -> int:
        """What is inside beyond what staff put in: inserted and not given back."""
        inside_yen = sum(self.acceptor.cashbox) + sum(
            hopper.coins * hopper.coin_yen for hopper in self.hoppers.values()
        )
        return inside_yen - self._filled_yen

    @property
    def balanced(self) -> bool:
        """Whether every coin is somewhere."""
        out_yen = sum(self.tray) + sum(self.taken) + self.acceptor.falling_yen
        return self.inserted_yen == self.kept_yen + out_yen
