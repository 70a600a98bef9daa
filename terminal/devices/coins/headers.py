"""ccTalk's numbers that a host of coin acceptors and hoppers needs: headers, event and fault codes, and what they mean here.

Source: ccTalk generic specification issue 4.7, parts 2 and 3 (command headers, table 2: coin acceptor error codes, table 3: fault
codes, table 7: hopper status flags); SuzoHapp Flow hopper manual 18-ccTalk 0.6 (headers 163 to 172 and how they count).
"""

from collections.abc import Mapping
from enum import IntEnum, unique
from types import MappingProxyType
from typing import Final

from terminal.devices.coins.api import CoinsCode

HOST: Final = 1
ENABLE_PAYOUT: Final = 165
"""The one argument of header 164 that enables a hopper."""


@unique
class Header(IntEnum):
    """Command headers; ``REPLY`` heads every answer but a refusal."""

    REPLY = 0
    RESET_DEVICE = 1
    NAK = 5
    BUSY = 6
    REQUEST_HOPPER_STATUS = 166
    DISPENSE_HOPPER_COINS = 167
    REQUEST_DISPENSE_COUNT = 168
    EMERGENCY_STOP = 172
    TEST_HOPPER = 163
    ENABLE_HOPPER = 164
    REQUEST_COIN_ID = 184
    REQUEST_PAYOUT_LEVELS = 217
    REQUEST_ACCEPT_COUNTER = 225
    REQUEST_INSERTION_COUNTER = 226
    REQUEST_MASTER_INHIBIT = 227
    MODIFY_MASTER_INHIBIT = 228
    READ_BUFFERED_CREDIT = 229
    REQUEST_INHIBITS = 230
    MODIFY_INHIBITS = 231
    SELF_CHECK = 232
    REQUEST_SOFTWARE_REVISION = 241
    REQUEST_SERIAL_NUMBER = 242
    REQUEST_PRODUCT_CODE = 244
    REQUEST_CATEGORY = 245
    REQUEST_MANUFACTURER = 246
    SIMPLE_POLL = 254


EVENT_ERRORS: Final[Mapping[int, CoinsCode]] = MappingProxyType(
    {
        6: CoinsCode.JAMMED,  # credit sensor timeout: it went past validation and never arrived
        7: CoinsCode.JAMMED,  # sorter opto timeout
        12: CoinsCode.JAMMED,  # reject coin not cleared
        10: CoinsCode.SENSOR_BLOCKED,
        13: CoinsCode.SENSOR_BLOCKED,
        14: CoinsCode.SENSOR_BLOCKED,
        15: CoinsCode.SENSOR_BLOCKED,
        26: CoinsCode.SENSOR_BLOCKED,
        16: CoinsCode.FRAUD,  # credit sequence error
        17: CoinsCode.FRAUD,  # coin going backwards
        20: CoinsCode.FRAUD,  # coin on a string
    }
)
"""Error events that mean more than a coin given back."""

FAULTS: Final[Mapping[int, CoinsCode]] = MappingProxyType(
    {
        3: CoinsCode.SENSOR_BLOCKED,
        8: CoinsCode.SENSOR_BLOCKED,
        18: CoinsCode.SENSOR_BLOCKED,
        19: CoinsCode.JAMMED,
        20: CoinsCode.FRAUD,
        25: CoinsCode.JAMMED,
    }
)
"""Answers of the self-check; every other one but 0 is ``SELF_CHECK_FAILED``."""


class HopperFlag(IntEnum):
    """Bits of header 163's first byte."""

    CURRENT_EXCEEDED = 1 << 0
    PAYOUT_TIMED_OUT = 1 << 1
    MOTOR_REVERSED = 1 << 2
    OPTO_BLOCKED_IDLE = 1 << 3
    OPTO_SHORT_IDLE = 1 << 4
    OPTO_BLOCKED_PAYOUT = 1 << 5
    PAYOUT_DISABLED = 1 << 7


HOPPER_STUCK: Final = (
    HopperFlag.CURRENT_EXCEEDED
    | HopperFlag.OPTO_BLOCKED_PAYOUT
    | HopperFlag.OPTO_BLOCKED_IDLE
    | HopperFlag.OPTO_SHORT_IDLE
)
"""Flags that stop every further payout until a reset (part 2, section 3.90.1)."""
BELOW_LOW: Final = 1 << 0
LOW_SENSOR_FITTED: Final = 1 << 4
"""Bits of header 217's answer."""
