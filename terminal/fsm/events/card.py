"""What happens at the card reader."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class CardInserted:
    """A card lies on the reader."""


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card left the reader."""


@dataclass(frozen=True, slots=True)
class CardSwapped:
    """The card on the reader is not the one of before (its removal was missed)."""


@dataclass(frozen=True, slots=True)
class CardFailed:
    """A command to the card ended in an error; completion of ReadCard, VerifyPin, ReadSubject or OpenSession."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class CardRead:
    """The card's authentication PIN has ``tries_left`` (0: locked). Completion of ReadCard.

    ``pin_before_certificate``: an Android card, whose certificate is readable only after the PIN.
    """

    generation: int
    tries_left: int
    pin_before_certificate: bool = False


@dataclass(frozen=True, slots=True)
class PinAccepted:
    """Completion of VerifyPin."""

    generation: int


@dataclass(frozen=True, slots=True)
class PinRefused:
    """Wrong PIN, ``tries_left`` more. Completion of VerifyPin."""

    generation: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class PinBlocked:
    """The PIN is locked. Completion of VerifyPin."""

    generation: int


@dataclass(frozen=True, slots=True)
class PinOutcomeUnknown:
    """The line broke while the card judged a PIN; ``tries_left`` was read afterwards, None if it could not be.

    Completion of VerifyPin or, then about the text application's PIN, of ReadSubject. The PIN is never sent again.
    """

    generation: int
    tries_left: int | None


@dataclass(frozen=True, slots=True)
class SubjectRead:
    """The basic four are at hand. Completion of ReadSubject."""

    generation: int


@dataclass(frozen=True, slots=True)
class TextPinNeeded:
    """The text application's own PIN must be asked for: not all its tries were left. Completion of ReadSubject."""

    generation: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class TextPinRefused:
    """The text application refused the PIN, ``tries_left`` more. Completion of ReadSubject."""

    generation: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class TextPinBlocked:
    """The text application's PIN is locked. Completion of ReadSubject."""

    generation: int


@dataclass(frozen=True, slots=True)
class SubjectFailed:
    """The basic four are missing or malformed, which is a mismatch. Completion of ReadSubject."""

    generation: int
    code: str


CardPresenceEvent: TypeAlias = CardInserted | CardRemoved | CardSwapped

CardEvent: TypeAlias = (
    CardFailed
    | CardRead
    | PinAccepted
    | PinRefused
    | PinBlocked
    | PinOutcomeUnknown
    | SubjectRead
    | TextPinNeeded
    | TextPinRefused
    | TextPinBlocked
    | SubjectFailed
)
