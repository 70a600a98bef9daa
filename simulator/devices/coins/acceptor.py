"""A coin acceptor's behaviour: coins fall, are credited by a numbered event, and the last five events are kept.

Everything is inhibited at power-up, and again whenever nobody polled for a second. The life counters survive; events do not.
Source: ccTalk generic specification part 2, header 229; reference service-and-incidents.md 4.1.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.fault_plan import FaultPlan
from terminal.clock import Clock

FALL_S: Final = 0.4
_LATE_S: Final = 4.0
_UNPOLLED_S: Final = 1.0
_EVENTS_KEPT: Final = 5
DENOMINATIONS_YEN: Final = (10, 50, 100, 500)
_CREDIT_TIMEOUT, _SENSOR_BLOCKED, _BACKWARDS = 6, 14, 17
_FAULT_CREDIT_SENSOR, _FAULT_RETURN, _FAULT_ROM = 3, 19, 30


@dataclass(frozen=True, slots=True)
class _Falling:
    due_s: float
    coin_yen: int
    fault: CoinsFault | None = None


@dataclass(slots=True)
class AcceptorModel:
    """``tray`` and ``cashbox`` are shared with the hoppers' mechanism: what lies there, in yen a coin."""

    clock: Clock
    plan: FaultPlan[CoinsFault]
    tray: list[int]
    cashbox: list[int] = field(default_factory=list)
    mask: int = 0
    master: bool = False
    counter: int = 0
    insertions: int = 0
    accepted_total: int = 0
    stuck: int = 0
    """The coin in the path that moves no more, in yen; 0: none."""
    blocked: bool = False
    on_poll: Callable[[], None] = lambda: None
    """Called at each poll of the events: for whoever measures the cadence."""
    _events: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=_EVENTS_KEPT))
    _falling: list[_Falling] = field(default_factory=list)
    _polled_s: float = float("-inf")
    _born_s: float = 0.0

    def __post_init__(self) -> None:
        self._born_s = self.clock.now_s()

    @property
    def falling_yen(self) -> int:
        """What is on its way in, or stuck there."""
        return sum(coin.coin_yen for coin in self._falling) + self.stuck

    def insert(self, coin_yen: int) -> bool:
        """Put a coin into the slot; False when it comes straight back into the tray."""
        self.work()
        self.insertions += 1
        up_s = self.clock.now_s() - self._born_s
        known = coin_yen in DENOMINATIONS_YEN
        taken = self.takes(coin_yen) or (known and self.plan.strikes(CoinsFault.IGNORES_INHIBIT, up_s))
        if not taken or self.stuck:
            self.tray.append(coin_yen)
            return False
        fault = next(
            (kind for kind in _AT_COIN if self.plan.strikes(kind, up_s)),
            None,
        )
        delay_s = _LATE_S if fault is CoinsFault.LATE_COIN else FALL_S
        self._falling.append(_Falling(self.clock.now_s() + delay_s, coin_yen, fault))
        return True

    def takes(self, coin_yen: int) -> bool:
        """Whether this coin would be taken now."""
        if coin_yen not in DENOMINATIONS_YEN or self.clock.now_s() - self._polled_s > _UNPOLLED_S:
            return False
        return self.master and bool(self.mask & 1 << DENOMINATIONS_YEN.index(coin_yen))

    def work(self) -> None:
        """Let what is due have happened."""
        due = [coin for coin in self._falling if coin.due_s <= self.clock.now_s()]
        self._falling = [coin for coin in self._falling if coin not in due]
        for coin in due:
            self._arrive(coin)

    def _arrive(self, coin: _Falling) -> None:
        match coin.fault:
            case CoinsFault.JAM:
                self.stuck += coin.coin_yen
                self._event(0, _CREDIT_TIMEOUT)
            case CoinsFault.SENSOR_BLOCKED:
                self.stuck += coin.coin_yen
                self.blocked = True
                self._event(0, _SENSOR_BLOCKED)
            case CoinsFault.BACKWARDS:
                self.tray.append(coin.coin_yen)
                self._event(0, _BACKWARDS)
            case _:
                self.cashbox.append(coin.coin_yen)
                self.accepted_total = (self.accepted_total + 1) % (1 << 24)
                self._event(DENOMINATIONS_YEN.index(coin.coin_yen) + 1, 1)

    def _event(self, coin: int, other: int) -> None:
        self.counter = self.counter % 255 + 1
        self._events.appendleft((coin, other))

    def poll(self, *, coin_first: bool) -> bytes:
        """Header 229's answer: the counter and the last five events, newest first."""
        self._polled_s = self.clock.now_s()
        self.on_poll()
        self.work()
        told = [*self._events, *((0, 0),) * (_EVENTS_KEPT - len(self._events))]
        pairs = [pair if coin_first else pair[::-1] for pair in told]
        return bytes([self.counter, *(byte for pair in pairs for byte in pair)])

    def fault_code(self) -> int:
        """Header 232's answer."""
        if self.plan.strikes(CoinsFault.SELF_CHECK, self.clock.now_s() - self._born_s):
            return _FAULT_ROM
        if self.blocked:
            return _FAULT_CREDIT_SENSOR
        return _FAULT_RETURN if self.stuck else 0

    def unjam(self) -> None:
        """A person frees the path: what stuck goes to the tray."""
        if self.stuck:
            self.tray.append(self.stuck)
        self.stuck, self.blocked = 0, False

    def power_cycle(self) -> None:
        """Events and inhibits are gone, life counters stay; what was falling comes back, for the gate rests on 'return'."""
        self.work()
        self.tray.extend(coin.coin_yen for coin in self._falling)
        self._falling.clear()
        self._events.clear()
        self.mask, self.master, self.counter = 0, False, 0
        self._polled_s = float("-inf")


_AT_COIN: Final = (CoinsFault.JAM, CoinsFault.SENSOR_BLOCKED, CoinsFault.BACKWARDS, CoinsFault.LATE_COIN)
