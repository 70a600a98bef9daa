"""The numbers of ID-003: commands, settings, requests and statuses.

Sources: Portalum/Portalum.Id003 (``DeviceCommand.cs``, ``DeviceEvents``), hackwin/JCMBillAcceptorID003 (the header), heweysan/jcm
(``protocol.java``), which agree; reference service-and-incidents.md 4.2.
"""

from enum import IntEnum, unique
from typing import Final


@unique
class Command(IntEnum):
    """What the host sends. A setting is answered by its echo, a request by its own number with the value."""

    STATUS = 0x11
    RESET = 0x40
    STACK_1 = 0x41
    """Vend valid as soon as the note cannot come back."""
    STACK_2 = 0x42
    """Vend valid when it lies in the stacker."""
    RETURN = 0x43
    HOLD = 0x44
    WAIT = 0x45
    ACK = 0x50
    """Acknowledges vend valid; is not answered."""
    REQUEST_ENABLED = 0x80
    REQUEST_SECURITY = 0x81
    REQUEST_MODE = 0x82
    REQUEST_INHIBIT = 0x83
    REQUEST_DIRECTION = 0x84
    REQUEST_OPTIONS = 0x85
    REQUEST_VERSION = 0x88
    REQUEST_BOOT_VERSION = 0x89
    REQUEST_CURRENCIES = 0x8A
    """Answered by four bytes a note: escrow code, country, value, tens (value times ten to the power of it)."""
    SET_ENABLED = 0xC0
    """Two bytes; a set bit n of the first *disables* the note with the escrow code 61 + n."""
    SET_SECURITY = 0xC1
    SET_MODE = 0xC2
    """00: the host polls."""
    SET_INHIBIT = 0xC3
    """01: takes nothing."""
    SET_DIRECTION = 0xC4
    SET_OPTIONS = 0xC5


ACKNOWLEDGED: Final = 0x50
"""The validator's answer to a command that it takes."""
INVALID: Final = 0x4B
"""Its answer to one that it does not take (now)."""
INHIBITED: Final = b"\x01"
NOT_INHIBITED: Final = b"\x00"
POWER_RECOVERY: Final = b"\x02\x00"
"""Of SET_OPTIONS: a note found in the stacker at power-up is told by a vend valid after the reset (hackwin: OPTION2)."""
FIRST_NOTE: Final = 0x61
NOTES_MAX: Final = 8
"""Escrow codes 61 to 68."""


@unique
class Status(IntEnum):
    """What the validator answers to STATUS."""

    IDLING = 0x11
    ACCEPTING = 0x12
    ESCROW = 0x13
    """One byte: the escrow code."""
    STACKING = 0x14
    VEND_VALID = 0x15
    STACKED = 0x16
    REJECTING = 0x17
    """One byte: the reason, 71 to 7F."""
    RETURNING = 0x18
    HOLDING = 0x19
    DISABLED = 0x1A
    INITIALIZING = 0x1B
    POWER_UP = 0x40
    POWER_UP_IN_ACCEPTOR = 0x41
    POWER_UP_IN_STACKER = 0x42
    STACKER_FULL = 0x43
    STACKER_OPEN = 0x44
    JAM_IN_ACCEPTOR = 0x45
    JAM_IN_STACKER = 0x46
    PAUSE = 0x47
    CHEATED = 0x48
    FAILURE = 0x49
    """One byte: which."""
    COMMUNICATION_ERROR = 0x4A
