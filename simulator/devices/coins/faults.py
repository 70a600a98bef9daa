"""What can go wrong with coins: in the acceptor's path, in its counting, in a hopper."""

from collections.abc import Mapping
from enum import StrEnum, unique
from types import MappingProxyType


@unique
class CoinsFault(StrEnum):
    """The occasions are in ``WORDS``."""

    JAM = "jam"
    BACKWARDS = "backwards"
    SENSOR_BLOCKED = "sensor-blocked"
    IGNORES_INHIBIT = "ignores-inhibit"
    LATE_COIN = "late-coin"
    SELF_CHECK = "self-check"
    WRONG_DEVICE = "wrong-device"
    HOPPER_JAM = "hopper-jam"


WORDS: Mapping[StrEnum, str] = MappingProxyType(
    {
        CoinsFault.JAM: "at a coin: it sticks behind the validation; unjam frees it into the tray",
        CoinsFault.BACKWARDS: "at a coin: it is pulled back on a string (event 17), and lies in the customer's hand again",
        CoinsFault.SENSOR_BLOCKED: "at a coin: it lies before the credit sensor (event 14) until unjam",
        CoinsFault.IGNORES_INHIBIT: "at a coin: it is taken although it is inhibited",
        CoinsFault.LATE_COIN: "at a coin: it takes four seconds to its credit",
        CoinsFault.SELF_CHECK: "at a self-check: fault 30, ROM checksum",
        CoinsFault.WRONG_DEVICE: "at the question what it is: a bill validator",
        CoinsFault.HOPPER_JAM: "at a coin of a hopper: it sticks, the payout stops until unjam",
    }
)
