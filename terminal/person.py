"""The one place in a terminal where a customer's data is held (promise P2).

The machine holds none of it, the supervisor never sees it. It lives in the customer's process and goes with it: SIGKILL is
the reset, ``wipe`` only keeps secrets no longer than they are needed.
"""

from dataclasses import dataclass, field

from printer_templates.records import BasicFour
from terminal.centre.messages import Choice, SessionOpened
from terminal.centre.sealing import OpenedBundle
from terminal.centre.session_key import SessionKey
from terminal.devices.card_reader.api import CardConnection
from terminal.devices.card_reader.certificate import CardCertificate
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.printer.api import PrintDocument
from terminal.journal.pseudonym import PseudonymKey


@dataclass(slots=True, repr=False)
class Person:
    """Everything personal of this customer, filled in as the session goes on; a misspelt field raises (slots)."""

    pseudonyms: PseudonymKey = field(default_factory=PseudonymKey)
    pin: PinBuffer = field(default_factory=PinBuffer)
    accepted_pin: PinBuffer | None = None
    connection: CardConnection | None = None
    certificate: CardCertificate | None = None
    basic_four: BasicFour | None = None
    session_key: SessionKey | None = None
    session: SessionOpened | None = None
    request_id: str | None = None
    choice: Choice | None = None
    bundle: OpenedBundle | None = None
    document: PrintDocument | None = None

    def keep_accepted_pin(self) -> None:
        """Keep the authentication PIN that the card took until the transcript is signed (see ``reading.sign_message``)."""
        self.accepted_pin = self.pin.twin()

    def forget_accepted_pin(self) -> None:
        """Wipe it."""
        if self.accepted_pin is not None:
            self.accepted_pin.wipe()
            self.accepted_pin = None

    def __repr__(self) -> str:
        return "Person(...)"
