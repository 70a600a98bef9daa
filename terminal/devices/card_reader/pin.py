"""A PIN on its way to the card: a buffer that is wiped, and that nothing prints, copies or compares (design P3).

What Python can promise: the four digits live in one bytearray that is overwritten in place; no ``str`` or ``bytes`` of them is
made here; the VERIFY APDU built from them is a second bytearray that its sender overwrites; repr, format, pickle, copy and
iteration refuse. What it cannot: the interpreter may leave digits behind in registers, in a freed block of a bytearray that
grew (so ours never grows), in pyscard's C copy of the APDU and in the socket buffers to pcscd and inside pcscd. That is why
the process that held a PIN is killed and reaped at the hard reset (design section 4), and is not merely polite.
"""

import hmac
from types import TracebackType
from typing import Final, NoReturn, Self

from terminal.devices.card_reader.apdu import CURRENT_FILE, VERIFY

PIN_DIGITS: Final = 4
"""Digits of the authentication PIN (EF 0018) and of the text PIN (EF 0011): reference jpki-card.md sections 2.1, 3.2."""

_ZERO: Final = ord("0")


def wipe(buffer: bytearray | list[int]) -> None:
    """Overwrite every element of ``buffer`` with zero, in place."""
    for index in range(len(buffer)):
        buffer[index] = 0


class PinGoneError(ValueError):
    """The digits are not (all) there any more: the customer has cancelled, or left. Nothing is sent."""


class PinBuffer:
    """Up to four digits, typed one by one; use as a context manager so that they are wiped on every way out."""

    __slots__ = ("_count", "_digits")

    def __init__(self) -> None:
        self._digits = bytearray(PIN_DIGITS)
        self._count = 0

    @classmethod
    def take(cls, source: bytearray) -> Self:
        """Move ASCII digits out of ``source``, which is wiped whatever happens.

        Raise ``ValueError`` (without the content) unless it holds four digits.
        """
        pin = cls()
        try:
            if len(source) != PIN_DIGITS:
                raise ValueError(f"a PIN has {PIN_DIGITS} digits, {len(source)} characters came")
            for character in source:
                pin.press(character - _ZERO)
        except ValueError:
            pin.wipe()
            raise
        finally:
            wipe(source)
        return pin

    def press(self, digit: int) -> None:
        """Add one digit (0-9); raise ``ValueError`` when it is none or the PIN is complete."""
        if not 0 <= digit <= 9:
            raise ValueError("a PIN is made of the digits 0 to 9")
        if self.complete:
            raise ValueError(f"the PIN already has its {PIN_DIGITS} digits")
        self._digits[self._count] = _ZERO + digit
        self._count += 1

    def erase(self) -> None:
        """Take the last digit back; nothing happens when there is none."""
        if self._count:
            self._count -= 1
            self._digits[self._count] = 0

    @property
    def complete(self) -> bool:
        """True when four digits are there."""
        return self._count == PIN_DIGITS

    def __len__(self) -> int:
        return self._count

    def same_digits(self, other: "PinBuffer") -> bool:
        """True when both are complete and hold the same digits; in constant time."""
        return self.complete and other.complete and hmac.compare_digest(self._digits, other._digits)

    def twin(self) -> "PinBuffer":
        """A second buffer with the same digits, to be wiped on its own; ``PinGoneError`` for an incomplete or wiped PIN."""
        if not self.complete:
            raise PinGoneError(f"the PIN has {self._count} of its {PIN_DIGITS} digits")
        other = PinBuffer()
        other._digits[:] = self._digits
        if len(self) != PIN_DIGITS:
            other.wipe()
            raise PinGoneError("the PIN was wiped while it was copied")
        other._count = PIN_DIGITS
        return other

    def verify_apdu(self) -> bytearray:
        """The VERIFY for the current key file (``00 20 00 80 04`` and the digits); whoever sends it wipes it.

        Raise ``PinGoneError`` for an incomplete or wiped PIN, also one wiped meanwhile: zeros would burn a try.
        Source: reference jpki-card.md section 2.3.
        """
        if not self.complete:
            raise PinGoneError(f"the PIN has {self._count} of its {PIN_DIGITS} digits; a short one would burn a try")
        apdu = bytearray((0x00, VERIFY, 0x00, CURRENT_FILE, PIN_DIGITS, 0, 0, 0, 0))
        apdu[-PIN_DIGITS:] = self._digits
        if len(self) != PIN_DIGITS:
            wipe(apdu)
            raise PinGoneError("the PIN was wiped while it was copied; nothing was sent")
        return apdu

    def wipe(self) -> None:
        """Overwrite the digits; the buffer is empty and can be typed into again.

        Empty first, zeros next: whoever copies on another thread at this moment sees afterwards that the PIN was gone.
        """
        self._count = 0
        wipe(self._digits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

    def __del__(self) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return "<PinBuffer: redacted>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a PIN is neither copied, pickled nor iterated; hand the PinBuffer itself on")

    __copy__ = __deepcopy__ = __reduce__ = __getstate__ = __iter__ = _refuse

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        self._refuse()
