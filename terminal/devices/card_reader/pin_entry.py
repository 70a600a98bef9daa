"""Asking a PIN's counter and offering a PIN, the same way in every application of the card (design P3).

The rules held here, below whatever calls: the counter is asked before each try; a blocked PIN is offered nothing; the last
try is used only when the holder confirmed it; a try is sent once, and when its answer does not come the outcome is *unknown*,
a value of its own: the counter is then asked again on a new connection and the try is not repeated.
Source: reference jpki-card.md sections 2.3, 2.4 and 7.
"""

from dataclasses import dataclass
from typing import TypeAlias

from terminal.devices.card_reader.apdu import CURRENT_FILE, SW, VERIFY, command, is_blocked, tries_left
from terminal.devices.card_reader.api import CardConnection, CardError
from terminal.devices.card_reader.files import StatusWordError, select_file
from terminal.devices.card_reader.pin import PinBuffer, wipe


@dataclass(frozen=True, slots=True)
class PinAccepted:
    """The card took the PIN; its counter is full again. The card stays opened until its power is cut."""


@dataclass(frozen=True, slots=True)
class PinRefused:
    """The PIN is wrong; ``tries_left`` (1 or more) says how often it may still be tried."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class PinBlocked:
    """The PIN takes no further try: only the municipal office unlocks it."""


@dataclass(frozen=True, slots=True)
class LastTryUnconfirmed:
    """One try is left and the holder has not confirmed to use it: nothing was sent."""


@dataclass(frozen=True, slots=True)
class PinOutcomeUnknown:
    """The try was sent and no usable answer came; ``cause`` is the code of why. Ask the counter again, never repeat the try."""

    cause: str


PinOutcome: TypeAlias = PinAccepted | PinRefused | PinBlocked | LastTryUnconfirmed | PinOutcomeUnknown


def ask_tries_left(connection: CardConnection, pin_file: int) -> int:
    """How many tries the PIN of file ``pin_file`` has left: 0 when it is blocked. Asking consumes none.

    Raise ``StatusWordError`` when the card answers anything but a counter: a number is never guessed.
    """
    select_file(connection, pin_file)
    answer = connection.transmit(command(VERIFY, 0x00, CURRENT_FILE))
    if is_blocked(answer.sw):
        return 0
    left = tries_left(answer.sw)
    if left is None:
        raise StatusWordError("asking how many tries the PIN has left", answer.sw)
    return left


def offer_pin(
    connection: CardConnection, pin_file: int, pin: PinBuffer, *, last_try_confirmed: bool = False
) -> PinOutcome:
    """Offer a PIN to the card once, after asking its counter; the APDU is wiped whatever happens.

    Raise ``CardError`` only for what went wrong *before* the PIN was sent (nothing was consumed then) and ``ValueError`` for an
    incomplete PIN.
    """
    left = ask_tries_left(connection, pin_file)
    if left == 0:
        return PinBlocked()
    if left == 1 and not last_try_confirmed:
        return LastTryUnconfirmed()
    apdu = pin.verify_apdu()
    try:
        sw = connection.transmit(apdu).sw
    except CardError as error:
        return PinOutcomeUnknown(error.code)
    finally:
        wipe(apdu)
    return _outcome(sw)


def _outcome(sw: int) -> PinOutcome:
    if sw == SW.OK:
        return PinAccepted()
    if is_blocked(sw):
        return PinBlocked()
    left = tries_left(sw)
    return PinOutcomeUnknown(StatusWordError("offering the PIN", sw).code) if left is None else PinRefused(left)
