"""A hopper's behaviour: once told, it pays coin after coin by itself, whether anybody asks or not; its life counter survives.

Source: SuzoHapp Flow hopper manual 18-ccTalk 0.6, sections 7.3 and following.
"""

from dataclasses import dataclass
from typing import Final

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.fault_plan import FaultPlan
from terminal.clock import Clock
from terminal.devices.coins.headers import (
    BELOW_LOW,
    ENABLE_PAYOUT,
    HOPPER_STUCK,
    LOW_SENSOR_FITTED,
    HopperFlag,
)

COIN_S: Final = 0.15
_GIVES_UP_S: Final = 3.0
_IDLE_TEST_S: Final = 1 / 3
"""How long after a payout or a reset the idle test finds a coin that blocks the exit."""
_REFUSING: Final = HOPPER_STUCK | HopperFlag.PAYOUT_TIMED_OUT


@dataclass(slots=True)
class HopperModel:
    """``coins`` lie in it, fewer than ``low_coins`` are low; paid ones go to ``tray``."""

    clock: Clock
    plan: FaultPlan[CoinsFault]
    tray: list[int]
    coin_yen: int
    coins: int
    low_coins: int = 20
    enabled: bool = False
    flags: int = 0
    events: int = 0
    remaining: int = 0
    paid: int = 0
    unpaid: int = 0
    dispensed_total: int = 0
    jammed: bool = False
    _next_s: float = 0.0
    _born_s: float = 0.0
    _rests_since_s: float = 0.0

    def __post_init__(self) -> None:
        self._born_s = self.clock.now_s()

    def enable(self, code: int) -> None:
        """Header 164."""
        self.work()
        self.enabled = code == ENABLE_PAYOUT

    def dispense(self, coins: int) -> bool:
        """Header 167; False is a refusal, which the event counter counts, too."""
        self.work()
        self.events = self.events % 255 + 1
        if not self.enabled or self.remaining or self.flags & _REFUSING or not coins:
            return False
        self.remaining, self.paid, self.unpaid = coins, 0, 0
        self._next_s = self.clock.now_s() + COIN_S
        return True

    def work(self) -> None:
        """Pay the coins that are due by now."""
        while self.remaining and self._next_s <= self.clock.now_s():
            if not self.jammed:
                self.jammed = self.plan.strikes(CoinsFault.HOPPER_JAM, self.clock.now_s() - self._born_s)
            if self.jammed or not self.coins:
                if self.clock.now_s() - self._next_s < _GIVES_UP_S:
                    return
                self._give_up(HopperFlag.OPTO_BLOCKED_PAYOUT if self.jammed else HopperFlag.PAYOUT_TIMED_OUT)
                return
            self._pay_one()
        if self.jammed and not self.remaining and self.clock.now_s() - self._rests_since_s >= _IDLE_TEST_S:
            self.flags |= HopperFlag.OPTO_BLOCKED_IDLE

    def _pay_one(self) -> None:
        self.coins -= 1
        self.tray.append(self.coin_yen)
        self.remaining -= 1
        self.paid += 1
        self.dispensed_total = (self.dispensed_total + 1) % (1 << 24)
        self._next_s += COIN_S

    def _give_up(self, flag: HopperFlag) -> None:
        self.flags |= flag
        self._stop()

    def _stop(self) -> None:
        self.unpaid, self.remaining = self.remaining, 0
        self._rests_since_s = self.clock.now_s()

    def emergency_stop(self) -> int:
        """Header 172: stop after the coin that is under way; what was not paid."""
        self.work()
        self._stop()
        return self.unpaid

    def test(self) -> int:
        """Header 163's first byte."""
        self.work()
        return self.flags | (0 if self.enabled else HopperFlag.PAYOUT_DISABLED)

    def levels(self) -> int:
        """Header 217's byte."""
        return LOW_SENSOR_FITTED | (BELOW_LOW if self.coins < self.low_coins else 0)

    def status(self) -> bytes:
        """Header 166's answer."""
        self.work()
        return bytes([self.events, self.remaining, self.paid, self.unpaid])

    def reset(self) -> None:
        """Header 1: flags are taken back; what was being paid is not paid any further."""
        self.work()
        self._stop()
        self.flags, self.enabled = 0, False

    def power_cycle(self) -> None:
        """A reset, and the event counter begins anew; the life counter and what was not paid are kept."""
        self.reset()
        self.events = 0

    def unjam(self) -> None:
        """A person frees it."""
        self.jammed = False
