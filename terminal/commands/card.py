"""What a customer's process asks of the card: read it, offer the PIN once, read the basic four, sign the transcript.

Everything runs on the card reader's one thread, in the order given. Design section 3, steps 1 to 3; promise P3.
"""

from typing import TypeAlias, assert_never

from printer_templates.records import BasicFour
from terminal.clock import Clock
from terminal.devices.card_reader import reading
from terminal.devices.card_reader.api import CardConnection, CardError, CardErrorCode, CardReader
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.devices.card_reader.pin import PinGoneError
from terminal.devices.card_reader.pin_entry import LastTryUnconfirmed, PinBlocked, PinOutcomeUnknown, PinRefused
from terminal.fsm import events
from terminal.person import Person

PinEvent: TypeAlias = (
    events.PinAccepted | events.PinRefused | events.PinBlocked | events.PinOutcomeUnknown | events.CardFailed
)
SubjectEvent: TypeAlias = (
    events.SubjectRead
    | events.TextPinNeeded
    | events.TextPinRefused
    | events.TextPinBlocked
    | events.PinOutcomeUnknown
    | events.SubjectFailed
    | events.CardFailed
)
LAST_TRY = 1
PIN_TAKEN_BACK = "CARD_PIN_TAKEN_BACK"
"""The digits were wiped before they were sent: the session is leaving already, and the machine drops this answer."""


class CardCommands:
    """The card of one customer, from the tap until its power is cut."""

    def __init__(self, reader: CardReader, trust: TrustedCas, clock: Clock, person: Person) -> None:
        self._reader = reader
        self._trust = trust
        self._clock = clock
        self._person = person
        self._card: reading.CardRead | None = None
        self._tries_told: int | None = None
        self._text_tries_told: int | None = None

    def read(self, generation: int) -> events.CardRead | events.CardFailed:
        """Open the connection, recognise the card, ask the counters."""
        try:
            self._person.connection = self._reader.open()
            card = reading.read_card(self._person.connection, self._trust, self._clock)
        except CardError as error:
            return events.CardFailed(generation, error.code)
        self._card = card
        self._tries_told = card.tries_left
        self._text_tries_told = card.text_tries_left
        self._person.certificate = card.certificate
        return events.CardRead(generation, card.tries_left, card.pin_before_certificate)

    def verify_pin(self, generation: int) -> PinEvent:
        """Offer the digits once; after an unknown outcome the counter is asked anew and the try is never repeated.

        A customer who cancels before the digits were sent takes them back: nothing is sent, no try is spent.
        """
        card, connection = self._opened()
        try:
            return self._verify_pin(generation, card, connection)
        except PinGoneError:
            return events.CardFailed(generation, PIN_TAKEN_BACK)

    def _verify_pin(self, generation: int, card: reading.CardRead, connection: CardConnection) -> PinEvent:
        try:
            outcome = reading.open_with_pin(
                connection,
                self._person.pin,
                card,
                self._trust,
                self._clock,
                last_try_confirmed=self._tries_told == LAST_TRY,
            )
        except CardError as error:
            return events.CardFailed(generation, error.code)
        match outcome:
            case reading.CardOpened():
                self._person.certificate = outcome.certificate
                self._person.keep_accepted_pin()
                return events.PinAccepted(generation)
            case PinRefused():
                self._tries_told = outcome.tries_left
                return events.PinRefused(generation, outcome.tries_left)
            case PinBlocked():
                return events.PinBlocked(generation)
            case LastTryUnconfirmed():
                self._tries_told = LAST_TRY
                return events.PinOutcomeUnknown(generation, LAST_TRY)
            case PinOutcomeUnknown():
                return self._ask_again(generation, card)
            case _:
                assert_never(outcome)

    def read_subject(self, generation: int, *, same_digits: bool) -> SubjectEvent:
        """Open the text application and read the basic four."""
        _, connection = self._opened()
        confirmed = not same_digits and self._text_tries_told == LAST_TRY
        try:
            outcome = reading.read_basic_four(
                connection, self._person.pin, same_digits=same_digits, last_try_confirmed=confirmed
            )
        except CardError as error:
            return _subject_error(generation, error)
        except PinGoneError:
            return events.CardFailed(generation, PIN_TAKEN_BACK)
        match outcome:
            case BasicFour():
                self._person.basic_four = outcome
                return events.SubjectRead(generation)
            case reading.TextPinNeeded() | reading.TextPinRefused():
                self._text_tries_told = outcome.tries_left
                kind = events.TextPinNeeded if isinstance(outcome, reading.TextPinNeeded) else events.TextPinRefused
                return kind(generation, outcome.tries_left)
            case reading.TextPinBlocked():
                return events.TextPinBlocked(generation)
            case reading.TextLastTryUnconfirmed():
                self._text_tries_told = LAST_TRY
                return events.TextPinNeeded(generation, LAST_TRY)
            case reading.TextPinOutcomeUnknown():
                return self._ask_text_again(generation)
            case reading.TextAbsent():
                return events.SubjectFailed(generation, "CARD_TEXT_ABSENT")
            case _:
                assert_never(outcome)

    def sign(self, message: bytes) -> bytes:
        """Have the card sign; raise ``CardError``. The accepted PIN is wiped whatever comes of it."""
        _, connection = self._opened()
        certificate = self._person.certificate
        if certificate is None:
            raise CardError(
                CardErrorCode.CERT_ABSENT, "expected a checked certificate before signing; read the card anew"
            )
        try:
            return reading.sign_message(connection, certificate, message, accepted_pin=self._person.accepted_pin)
        finally:
            self._person.forget_accepted_pin()

    def release(self) -> None:
        """The card is done with: cut its power, and wipe the PIN that was kept for signing."""
        self._person.forget_accepted_pin()
        self._close()

    def _close(self) -> None:
        if self._person.connection is not None:
            self._person.connection.close()
            self._person.connection = None

    def _opened(self) -> tuple[reading.CardRead, CardConnection]:
        if self._card is None or self._person.connection is None:
            raise RuntimeError("the machine gave a card command without a read card")
        return self._card, self._person.connection

    def _ask_again(self, generation: int, card: reading.CardRead) -> events.PinOutcomeUnknown:
        tries = self._recount(card)
        self._tries_told = None if tries is None else tries.tries_left
        return events.PinOutcomeUnknown(generation, self._tries_told)

    def _ask_text_again(self, generation: int) -> events.PinOutcomeUnknown:
        card, _ = self._opened()
        tries = self._recount(card)
        self._text_tries_told = None if tries is None else tries.text_tries_left
        return events.PinOutcomeUnknown(generation, self._text_tries_told)

    def _recount(self, card: reading.CardRead) -> reading.CardRead | None:
        self._close()
        try:
            self._person.connection, now = reading.reconnect(self._reader, card, self._trust, self._clock)
        except CardError:
            return None
        return now


def _subject_error(generation: int, error: CardError) -> SubjectEvent:
    if error.code in (CardErrorCode.BAD_FILE, CardErrorCode.STATUS_WORD):
        return events.SubjectFailed(generation, error.code)
    return events.CardFailed(generation, error.code)
