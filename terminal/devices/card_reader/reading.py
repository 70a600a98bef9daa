"""The card procedures of one customer: blocking functions on an open connection, values out.

Each selects its application anew and relies on nothing that an earlier one left on the card. Design section 3, steps 1 to 3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from printer_templates.records import BasicFour
from terminal.clock import Clock
from terminal.devices.card_reader.apdu import SW
from terminal.devices.card_reader.api import CardConnection, CardError, CardErrorCode, CardReader
from terminal.devices.card_reader.certificate import CardCertificate, TrustedCas, is_same_card
from terminal.devices.card_reader.files import StatusWordError
from terminal.devices.card_reader.jpki import (
    VARIANT_BY_LABEL,
    CardVariant,
    CertificateNeedsPinError,
    JpkiApplication,
)
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.card_reader.pin_entry import (
    LastTryUnconfirmed,
    PinAccepted,
    PinBlocked,
    PinOutcomeUnknown,
    PinRefused,
)
from terminal.devices.card_reader.text import PIN_TRIES, TextApplication


@dataclass(frozen=True, slots=True, repr=False)
class CardRead:
    """What a card tells before any PIN.

    ``certificate`` is None when it is readable only after the PIN (Android); ``text_tries_left`` is None when there is no text
    application.
    """

    variant: CardVariant
    certificate: CardCertificate | None
    tries_left: int
    text_tries_left: int | None

    @property
    def pin_before_certificate(self) -> bool:
        """True when the certificate has to be read after the PIN."""
        return self.certificate is None

    def __repr__(self) -> str:
        return f"CardRead(variant={self.variant.value}, tries_left={self.tries_left}, text={self.text_tries_left})"


def read_card(connection: CardConnection, trust: TrustedCas, clock: Clock) -> CardRead:
    """Recognise the card, read and check its certificate, ask both counters; nothing is consumed.

    Raise ``CardError``: from the connection, ``CARD_NOT_MY_NUMBER_CARD``, ``CARD_VARIANT_UNSUPPORTED``, ``CARD_BAD_FILE``,
    ``CARD_STATUS_WORD``, ``CARD_CERT_ABSENT`` and what ``TrustedCas.check`` raises.
    """
    jpki = JpkiApplication.select(connection)
    variant = _variant(jpki.token_label())
    try:
        certificate = trust.check(jpki.authentication_certificate(), clock.wall())
    except CertificateNeedsPinError:
        certificate = None
    tries_left = jpki.tries_left()
    text = TextApplication.select(connection)
    return CardRead(variant, certificate, tries_left, text.tries_left() if text else None)


def _variant(label: str) -> CardVariant:
    variant = VARIANT_BY_LABEL.get(label)
    if variant is None:
        raise CardError(
            CardErrorCode.NOT_MY_NUMBER_CARD,
            f"expected one of the token labels {', '.join(VARIANT_BY_LABEL)}, another came; put the right card on",
        )
    if variant is CardVariant.IPHONE:
        # How a kiosk authenticates an iPhone without a PIN is not public (reference section 6).
        raise CardError(
            CardErrorCode.VARIANT_UNSUPPORTED,
            "expected a card or an Android phone, an iPhone came; use the card instead",
        )
    return variant


def read_again(connection: CardConnection, before: CardRead, trust: TrustedCas, clock: Clock) -> CardRead:
    """Read the card of a new connection and prove that it is the one of ``before``, by its certificate.

    Raise ``CardError`` (``CARD_OTHER_CARD``) when it is another, or when that cannot be proved (no certificate before the PIN).
    """
    now = read_card(connection, trust, clock)
    if not is_same_card(before.certificate, now.certificate):
        raise _other_card()
    return now


def reconnect(reader: CardReader, before: CardRead, trust: TrustedCas, clock: Clock) -> tuple[CardConnection, CardRead]:
    """After a lost connection or an unknown PIN outcome: connect anew and ask the same card's counters again.

    Raise ``CardError`` as ``CardReader.open`` and ``read_again`` do; the new connection is closed then.
    """
    connection = reader.open()
    try:
        return connection, read_again(connection, before, trust, clock)
    except BaseException:
        connection.close()
        raise


def _other_card() -> CardError:
    return CardError(CardErrorCode.OTHER_CARD, "expected the card of before, another came; begin again with one card")


@dataclass(frozen=True, slots=True)
class CardOpened:
    """The card took the PIN and showed (or had shown) this certificate; it signs until its power is cut."""

    certificate: CardCertificate


PinFailure: TypeAlias = PinRefused | PinBlocked | LastTryUnconfirmed | PinOutcomeUnknown


def open_with_pin(
    connection: CardConnection,
    pin: PinBuffer,
    card: CardRead,
    trust: TrustedCas,
    clock: Clock,
    *,
    last_try_confirmed: bool = False,
) -> CardOpened | PinFailure:
    """Offer the authentication PIN to the card of ``card`` and to no other; on a phone then read the certificate.

    The certificate is compared *before* the PIN is offered: a PIN never costs a stranger's card a try. Raise ``CardError`` for
    what goes wrong before the PIN is sent (``CARD_OTHER_CARD`` among it) or after it was accepted.
    """
    jpki = JpkiApplication.select(connection)
    if card.certificate is not None and jpki.authentication_certificate() != card.certificate.der:
        raise _other_card()
    outcome = jpki.verify(pin, last_try_confirmed=last_try_confirmed)
    if not isinstance(outcome, PinAccepted):
        return outcome
    if card.certificate is not None:
        return CardOpened(card.certificate)
    return CardOpened(trust.check(jpki.authentication_certificate(), clock.wall()))


def sign_message(
    connection: CardConnection, certificate: CardCertificate, message: bytes, *, accepted_pin: PinBuffer | None = None
) -> bytes:
    """Have the card sign ``message`` and check the signature with the certificate's key before it is believed.

    Whether selecting another application closes a real card again is not known (reference section 5.5). With ``accepted_pin``,
    a PIN that this card has already accepted, a 6982 is answered by giving it once more; a PIN that was refused or whose
    outcome is unknown must never be passed. Raise ``CardError``: from the connection, ``CARD_STATUS_WORD``,
    ``CARD_BAD_SIGNATURE``.
    """
    jpki = JpkiApplication.select(connection)
    card_input = certificate.scheme.card_input(message)
    try:
        signature = jpki.sign(card_input)
    except StatusWordError as error:
        if error.sw != SW.SECURITY_STATUS or accepted_pin is None or not _reopened(jpki, certificate, accepted_pin):
            raise
        signature = jpki.sign(card_input)
    if not certificate.scheme.is_genuine(signature, message):
        raise CardError(
            CardErrorCode.BAD_SIGNATURE, "expected a signature by the certificate's key, another came; refuse the card"
        )
    return signature


def _reopened(jpki: JpkiApplication, certificate: CardCertificate, pin: PinBuffer) -> bool:
    """Give an accepted PIN once more, to the very card that accepted it and only while none of its tries is gone."""
    if jpki.tries_left() != PIN_TRIES:
        return False
    try:
        if jpki.authentication_certificate() != certificate.der:
            raise _other_card()
    except CertificateNeedsPinError:
        # A phone that closed again cannot show that it is the same one.
        return False
    return isinstance(jpki.verify(pin), PinAccepted)


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The transcript's signature, checked against ``certificate``; ``algorithm`` is its JOSE name."""

    certificate: CardCertificate
    signature: bytes
    algorithm: str


def authenticate(
    connection: CardConnection,
    pin: PinBuffer,
    card: CardRead,
    trust: TrustedCas,
    clock: Clock,
    transcript: Callable[[CardCertificate], bytes],
    *,
    last_try_confirmed: bool = False,
) -> Authenticated | PinFailure:
    """PIN, certificate where it comes only now, and signature in one go.

    ``transcript`` builds the message from the certificate, because the message names it and a phone shows it only after the PIN.
    Raise as ``open_with_pin`` and ``sign_message`` do.
    """
    opened = open_with_pin(connection, pin, card, trust, clock, last_try_confirmed=last_try_confirmed)
    if not isinstance(opened, CardOpened):
        return opened
    signature = sign_message(connection, opened.certificate, transcript(opened.certificate))
    return Authenticated(opened.certificate, signature, opened.certificate.scheme.name)


@dataclass(frozen=True, slots=True)
class TextPinNeeded:
    """The text PIN must be asked for: not all its tries are left, so the authentication PIN's digits were not offered."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class TextPinRefused:
    """The text PIN is wrong; ``tries_left`` (1 or more) says how often it may still be tried."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class TextPinBlocked:
    """The text PIN takes no further try: only the municipal office unlocks it."""


@dataclass(frozen=True, slots=True)
class TextLastTryUnconfirmed:
    """One try of the text PIN is left and the holder has not confirmed to use it: nothing was sent."""


@dataclass(frozen=True, slots=True)
class TextPinOutcomeUnknown:
    """The try was sent and no usable answer came (``cause`` is a code): ask the counter again, never repeat the try."""

    cause: str


@dataclass(frozen=True, slots=True)
class TextAbsent:
    """There is no text application on the card, as on a phone: no basic four can be read."""


TextFailure: TypeAlias = (
    TextPinNeeded | TextPinRefused | TextPinBlocked | TextLastTryUnconfirmed | TextPinOutcomeUnknown | TextAbsent
)


def read_basic_four(
    connection: CardConnection, pin: PinBuffer, *, same_digits: bool, last_try_confirmed: bool = False
) -> BasicFour | TextFailure:
    """Open the text application and read the basic four.

    ``same_digits``: ``pin`` holds what was typed for the *authentication* PIN and is offered only while all tries of the text
    PIN are left (design section 3.3); otherwise the customer typed it for this PIN. Raise ``CardError``: from the connection,
    ``CARD_BAD_FILE``, ``CARD_STATUS_WORD``.
    """
    text = TextApplication.select(connection)
    if text is None:
        return TextAbsent()
    left = text.tries_left()
    if same_digits and left not in (0, PIN_TRIES):
        return TextPinNeeded(left)
    outcome = text.verify(pin, last_try_confirmed=last_try_confirmed)
    match outcome:
        case PinAccepted():
            return text.basic_four()
        case PinRefused():
            return TextPinRefused(outcome.tries_left)
        case PinBlocked():
            return TextPinBlocked()
        case LastTryUnconfirmed():
            return TextLastTryUnconfirmed()
        case PinOutcomeUnknown():
            return TextPinOutcomeUnknown(outcome.cause)
