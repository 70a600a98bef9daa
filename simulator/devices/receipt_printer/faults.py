"""The receipt printer's faults, and at which occasion each strikes: a line to be printed, a cut, a request for a process ID."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final


@unique
class ReceiptFault(StrEnum):
    """What goes wrong."""

    PAPER_OUT = "paper-out"
    COVER_OPENED = "cover-opened"
    OVERHEATED = "overheated"
    HARDWARE_ERROR = "hardware-error"
    WENT_OFFLINE = "went-offline"
    POWER_LOST = "power-lost"
    CUTTER_STUCK = "cutter-stuck"
    NO_RESPONSE = "no-response"
    WRONG_RESPONSE = "wrong-response"


AT_LINE: Final = (
    ReceiptFault.PAPER_OUT,
    ReceiptFault.COVER_OPENED,
    ReceiptFault.OVERHEATED,
    ReceiptFault.HARDWARE_ERROR,
    ReceiptFault.WENT_OFFLINE,
    ReceiptFault.POWER_LOST,
)

WORDS: Final[Mapping[StrEnum, str]] = {
    ReceiptFault.PAPER_OUT: "at a line: the roll ends before it",
    ReceiptFault.COVER_OPENED: "at a line: somebody opens the cover",
    ReceiptFault.OVERHEATED: "at a line: the head is too hot for two seconds",
    ReceiptFault.HARDWARE_ERROR: "at a line: an error that only power-cycle heals",
    ReceiptFault.WENT_OFFLINE: "at a line: off line, no cause named, until heal",
    ReceiptFault.POWER_LOST: "at a line: the power fails for a moment, what is not yet printed is gone",
    ReceiptFault.CUTTER_STUCK: "at a cut: it jams; free-cutter removes the cause, the host has to recover it",
    ReceiptFault.NO_RESPONSE: "at a request for a process ID: it is never sent",
    ReceiptFault.WRONG_RESPONSE: "at a request for a process ID: one character of it is another one",
}
