"""The coin mechanism's port: an acceptor that tells of each coin by a numbered event, and hoppers that pay coins out.

Both keep life counters that no power cut touches; whoever puts money on record compares them with the record and so finds out
what was cut short. Source: the ccTalk generic specification (``headers.py``), reference service-and-incidents.md 4.1.
"""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, Protocol

from terminal.devices.api import Resettable


@unique
class CoinsCode(StrEnum):
    """Why coins cannot be taken or paid, or which level of the mechanism is up."""

    SILENT = "COINS_SILENT"
    """A device on the bus does not answer: switched off, or nothing at the other end."""
    LINE_GONE = "COINS_LINE_GONE"
    """No such port, unplugged, held by another program, or it takes no bytes."""
    BAD_ANSWER = "COINS_BAD_ANSWER"
    """What came is no answer to what was asked, again and again."""
    WRONG_DEVICE = "COINS_WRONG_DEVICE"
    """What answers is not the device that belongs at this address."""
    SELF_CHECK_FAILED = "COINS_SELF_CHECK_FAILED"
    NOT_INHIBITED = "COINS_NOT_INHIBITED"
    """The acceptor does not say of itself that it takes just the coins it was told to."""
    JAMMED = "COINS_JAMMED"
    SENSOR_BLOCKED = "COINS_SENSOR_BLOCKED"
    FRAUD = "COINS_FRAUD"
    """A coin went backwards or was pulled on a string."""
    MONEY_UNKNOWN = "COINS_MONEY_UNKNOWN"
    """More happened between two polls than the acceptor can tell: coins are inside whose value nobody knows."""
    CHANGE_LOW = "COINS_CHANGE_LOW"
    """A hopper is low or empty: exact money only. No reason to refuse people."""
    HOPPER_EMPTY = "COINS_HOPPER_EMPTY"
    HOPPER_FAILED = "COINS_HOPPER_FAILED"
    """A hopper did not pay everything, or does not come to rest."""


KEEPS_MONEY_AWAY: Final = frozenset({CoinsCode.JAMMED, CoinsCode.SENSOR_BLOCKED, CoinsCode.FRAUD})
"""Errors after which no further coin is let in."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A coin was accepted: event number ``counter`` (1 to 255)."""

    coin_yen: int
    counter: int


@dataclass(frozen=True, slots=True)
class CoinPoll:
    """What happened after the event that was asked for, oldest first.

    ``counter`` is the acceptor's newest event number. ``lost_events`` happened and are no longer told: their coins' value is
    unknown. ``restarted``: it lost its power since, its events begin anew, and everything is inhibited.
    """

    counter: int
    credits: tuple[Credit, ...] = ()
    errors: tuple[CoinsCode, ...] = ()
    lost_events: int = 0
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class CoinsFailed:
    """No usable answer, or a refusal; nothing that was asked for may be taken for done."""

    code: CoinsCode
    text: str


@dataclass(frozen=True, slots=True)
class DispenseOutcome:
    """By its life counter, the hopper paid ``paid_coins``; ``code`` None: all that was asked for."""

    paid_coins: int
    code: CoinsCode | None = None


@unique
class HopperLevel(StrEnum):
    """What a hopper's level sensors say."""

    PLENTY = "plenty"
    LOW = "low"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    """It has no sensors, or does not answer."""


class CoinAcceptor(Protocol):
    """Takes coins; everything is inhibited until ``accept`` says otherwise."""

    @property
    def denominations_yen(self) -> tuple[int, ...]:
        """The coins it knows, smallest first; asks the device once."""
        ...

    def poll(self, after: int | None) -> CoinPoll | CoinsFailed:
        """What happened after event ``after`` (None: nothing is on record yet). Asking again gives the same again."""
        ...

    def accept(self, coins_yen: frozenset[int]) -> CoinsFailed | None:
        """Take exactly these coins (none: all inhibited); read back before it is believed."""
        ...

    def accepted_total(self) -> int | CoinsFailed:
        """Coins accepted in its life, modulo 2**24; no power cut touches it."""
        ...


class CoinHopper(Protocol):
    """Pays one kind of coin. ``name`` and ``coin_yen`` are the configuration's."""

    @property
    def name(self) -> str:
        """``hopper-`` and its address: the same across restarts."""
        ...

    @property
    def coin_yen(self) -> int:
        """What one coin is worth."""
        ...

    def level(self) -> HopperLevel:
        """By its sensors now."""
        ...

    def dispensed_total(self) -> int | CoinsFailed:
        """Coins paid in its life, modulo 2**24; no power cut touches it."""
        ...

    def dispense(self, coins: int) -> DispenseOutcome | CoinsFailed:
        """Pay ``coins`` (1 to 255) and wait for the end, bounded; ``CoinsFailed`` when nobody knows what was paid."""
        ...

    def settle(self, total_before: int) -> DispenseOutcome | CoinsFailed:
        """Bring a payout that was cut short to rest, bounded; what was paid since the life counter stood at ``total_before``."""
        ...


class CoinMechanism(Resettable, Protocol):
    """An acceptor and its hoppers, on one line."""

    @property
    def acceptor(self) -> CoinAcceptor:
        """Takes coins."""
        ...

    @property
    def hoppers(self) -> tuple[CoinHopper, ...]:
        """Pay coins."""
        ...
