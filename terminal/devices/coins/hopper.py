"""A ccTalk hopper: told how many coins to pay, it pays by itself, and counts what it paid in its life (header 168).

A dispense command is sent once; when its answer is lost, the hopper's event counter and its life counter say whether it arrived.
What was paid is the difference of the life counter, never what was hoped for.
Source: SuzoHapp Flow manual 18-ccTalk, sections 7.3 and following.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from terminal.clock import Clock
from terminal.devices.coins.acceptor import counter_of
from terminal.devices.coins.api import CoinsCode, CoinsFailed, DispenseOutcome, HopperLevel
from terminal.devices.coins.bus import Bus
from terminal.devices.coins.headers import (
    BELOW_LOW,
    ENABLE_PAYOUT,
    HOPPER_STUCK,
    LOW_SENSOR_FITTED,
    Header,
    HopperFlag,
)

CATEGORY: Final = b"Payout"
_LOOK_S: Final = 0.1
_PROGRESS_S: Final = 6.0
"""A hopper that pays no coin for that long is stuck; a real one gives up by itself before."""
_TOTAL_END: Final = 1 << 24
_SENDS: Final = 2
_IDLE_TEST_S: Final = 0.4
"""A coin that still blocks the exit is found by the idle test, 333 ms after a reset (SuzoHapp manual, section 7.3)."""
_FLAGS_KEPT: Final = HOPPER_STUCK | HopperFlag.PAYOUT_TIMED_OUT


@unique
class DispenseKey(StrEnum):
    """What a hopper wants before the number of coins: its own serial number, or eight bytes that are not checked."""

    SERIAL = "serial"
    ZEROS = "zeros"


@dataclass(frozen=True, slots=True)
class HopperStatus:
    """Header 166: commands heard, coins still to pay, paid and not paid of the last command."""

    events: int
    remaining: int
    paid: int
    unpaid: int


class CcTalkHopper:
    """Implements ``CoinHopper`` at ``address``."""

    def __init__(
        self,
        bus: Bus,
        address: int,
        coin_yen: int,
        clock: Clock,
        wait: Callable[[float], None],
        key: DispenseKey = DispenseKey.SERIAL,
    ) -> None:
        self._bus = bus
        self._address = address
        self._coin_yen = coin_yen
        self._clock = clock
        self._wait = wait
        self._key = key
        self._known = False

    @property
    def name(self) -> str:
        """See ``CoinHopper.name``."""
        return f"hopper-{self._address}"

    @property
    def coin_yen(self) -> int:
        """See ``CoinHopper.coin_yen``."""
        return self._coin_yen

    def identify(self) -> CoinsFailed | None:
        """Make sure that a hopper answers at this address (header 245); once is enough."""
        if self._known:
            return None
        category = self._ask(Header.REQUEST_CATEGORY)
        if isinstance(category, CoinsFailed):
            return category
        if category != CATEGORY:
            return CoinsFailed(CoinsCode.WRONG_DEVICE, f"expected a hopper at address {self._address}")
        self._known = True
        return None

    def level(self) -> HopperLevel:
        """See ``CoinHopper.level``: header 217; whether the last payout timed out for want of coins, or nothing comes out."""
        answer, flags = self._ask(Header.REQUEST_PAYOUT_LEVELS), self.flags()
        if isinstance(answer, CoinsFailed) or isinstance(flags, CoinsFailed) or len(answer) != 1:
            return HopperLevel.UNKNOWN
        if flags & _FLAGS_KEPT:
            return HopperLevel.EMPTY
        if not answer[0] & LOW_SENSOR_FITTED:
            return HopperLevel.UNKNOWN
        return HopperLevel.LOW if answer[0] & BELOW_LOW else HopperLevel.PLENTY

    def dispensed_total(self) -> int | CoinsFailed:
        """See ``CoinHopper.dispensed_total``: header 168."""
        failed = self.identify()
        return failed if failed is not None else counter_of(self._bus, self._address, Header.REQUEST_DISPENSE_COUNT)

    def dispense(self, coins: int) -> DispenseOutcome | CoinsFailed:
        """See ``CoinHopper.dispense``."""
        if not 1 <= coins <= 255:
            raise ValueError(f"expected 1 to 255 coins, came {coins}")
        total_before = self.dispensed_total()
        if isinstance(total_before, CoinsFailed):
            return total_before
        failed = self._command(coins, total_before)
        outcome = self.settle(total_before)
        if isinstance(outcome, CoinsFailed):
            return outcome
        if failed is not None and not outcome.paid_coins:
            return DispenseOutcome(0, CoinsCode.HOPPER_FAILED)
        return outcome if outcome.paid_coins < coins else DispenseOutcome(outcome.paid_coins)

    def settle(self, total_before: int) -> DispenseOutcome | CoinsFailed:
        """See ``CoinHopper.settle``."""
        failed = self._wait_for_rest()
        if failed is not None:
            return failed
        flags = self.flags()
        self._ask(Header.ENABLE_HOPPER, b"\0")
        total = self.dispensed_total()
        if isinstance(total, CoinsFailed):
            return total
        return DispenseOutcome((total - total_before) % _TOTAL_END, self._why(flags))

    def flags(self) -> int | CoinsFailed:
        """Header 163: the first byte of the hopper's flags."""
        answer = self._ask(Header.TEST_HOPPER)
        if isinstance(answer, CoinsFailed):
            return answer
        return answer[0] if answer else CoinsFailed(CoinsCode.BAD_ANSWER, "expected flags, came none")

    def status(self) -> HopperStatus | CoinsFailed:
        """Header 166."""
        answer = self._ask(Header.REQUEST_HOPPER_STATUS)
        if isinstance(answer, CoinsFailed):
            return answer
        if len(answer) != 4:
            return CoinsFailed(CoinsCode.BAD_ANSWER, f"expected 4 bytes of status, came {len(answer)}")
        return HopperStatus(*answer)

    def rest(self) -> CoinsFailed | None:
        """Disable it, unless it pays: what was begun for a customer is not broken off."""
        status = self.status()
        if isinstance(status, CoinsFailed):
            return status
        if status.remaining:
            return CoinsFailed(CoinsCode.HOPPER_FAILED, f"{self.name} is paying")
        answer = self._ask(Header.ENABLE_HOPPER, b"\0")
        return answer if isinstance(answer, CoinsFailed) else None

    def recover(self) -> int | CoinsFailed:
        """Take back the flags of a payout that timed out or jammed, which stand until a reset (header 1); what stands then.

        A hopper that pays is left alone.
        """
        flags, status = self.flags(), self.status()
        if isinstance(flags, CoinsFailed):
            return flags
        if isinstance(status, CoinsFailed):
            return status
        if not flags & _FLAGS_KEPT or status.remaining:
            return flags
        self._ask(Header.RESET_DEVICE)
        self._wait(_IDLE_TEST_S)
        return self.flags()

    def _ask(self, header: Header, data: bytes = b"", *, tries: int = 3) -> bytes | CoinsFailed:
        return self._bus.ask(self._address, header, data, tries=tries)

    def _command(self, coins: int, total_before: int) -> CoinsFailed | None:
        """Send the one dispense command, again only when status and life counter show that it was not heard.

        The status alone is not enough: after a power cut it may be what it was after an earlier one.
        """
        key = self._key_bytes()
        before = self.status()
        for question in (key, before):
            if isinstance(question, CoinsFailed):
                return question
        failed: CoinsFailed | None = None
        for _ in range(_SENDS):
            enabled = self._ask(Header.ENABLE_HOPPER, bytes([ENABLE_PAYOUT]))
            if isinstance(enabled, CoinsFailed):
                return enabled
            answer = self._ask(Header.DISPENSE_HOPPER_COINS, _joined(key, coins), tries=1)
            if not isinstance(answer, CoinsFailed):
                return None
            failed, now = answer, self.status()
            if isinstance(now, CoinsFailed) or now != before or self.dispensed_total() != total_before:
                return failed
        return failed

    def _key_bytes(self) -> bytes | CoinsFailed:
        return bytes(8) if self._key is DispenseKey.ZEROS else self._ask(Header.REQUEST_SERIAL_NUMBER)

    def _wait_for_rest(self) -> CoinsFailed | None:
        """Until nothing remains to be paid; one that makes no progress is stopped (header 172)."""
        last, since_s, stopped = None, self._clock.now_s(), False
        while True:
            status = self.status()
            if isinstance(status, CoinsFailed):
                failed: CoinsFailed | None = status
            elif status.remaining == 0:
                return None
            else:
                failed = CoinsFailed(CoinsCode.HOPPER_FAILED, f"{self.name} does not come to rest")
                if status.remaining != last:
                    last, since_s = status.remaining, self._clock.now_s()
            if self._clock.now_s() - since_s >= _PROGRESS_S:
                if stopped:
                    return failed
                stopped, since_s = True, self._clock.now_s() - _PROGRESS_S / 2
                self._ask(Header.EMERGENCY_STOP)
            self._wait(_LOOK_S)

    def _why(self, flags: int | CoinsFailed) -> CoinsCode | None:
        if isinstance(flags, CoinsFailed):
            return CoinsCode.HOPPER_FAILED
        if flags & HopperFlag.PAYOUT_TIMED_OUT:
            return CoinsCode.HOPPER_EMPTY
        return CoinsCode.JAMMED if flags & HOPPER_STUCK else CoinsCode.HOPPER_FAILED


def _joined(key: bytes | CoinsFailed, coins: int) -> bytes:
    return (key if isinstance(key, bytes) else b"") + bytes([coins])
