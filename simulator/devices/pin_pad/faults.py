"""What can go wrong in the emulated PIN pad itself (the line has its own faults)."""

from collections.abc import Mapping
from enum import StrEnum, unique
from types import MappingProxyType
from typing import Final


@unique
class PinPadFault(StrEnum):
    """A fault of the pad; its occasion stands in ``WORDS``."""

    STUCK_KEY = "stuck-key"
    ENTRY_LOST = "entry-lost"
    WRONG_IDENTITY = "wrong-identity"
    REPLAYED_ENTRY = "replayed-entry"
    ANSWER_IN_CLEAR = "answer-in-clear"
    NOT_CLEARED = "not-cleared"


WORDS: Final[Mapping[StrEnum, str]] = MappingProxyType(
    {
        PinPadFault.STUCK_KEY: "a key stays pressed, from a press on until healed",
        PinPadFault.ENTRY_LOST: "the pad loses its power for a moment at a press",
        PinPadFault.WRONG_IDENTITY: "a signature is another key's: this is another pad",
        PinPadFault.REPLAYED_ENTRY: "an answer is the sealed entry of an earlier session, once there was one",
        PinPadFault.ANSWER_IN_CLEAR: "an answer is not sealed: the digits are on the line",
        PinPadFault.NOT_CLEARED: "the pad says that it is cleared, and is not",
    }
)
"""Each fault in words: occasion and effect."""
