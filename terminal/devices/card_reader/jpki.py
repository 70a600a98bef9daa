"""The JPKI application (公的個人認証AP): tries left, PIN, certificates and the signature of the authentication key.

Source: reference jpki-card.md section 2. Selected by AID, never by ATR. A session stands on one connection and ends with it.
"""

from enum import IntEnum, StrEnum
from typing import Final, Self

from terminal.devices.card_reader.apdu import CURRENT_FILE, MAX_LE, PERFORM_SECURITY_OPERATION, SW, command
from terminal.devices.card_reader.api import CardConnection, CardError, CardErrorCode
from terminal.devices.card_reader.files import StatusWordError, read_bytes, read_file, select_application, select_file
from terminal.devices.card_reader.pin import PinBuffer
from terminal.devices.card_reader.pin_entry import PinOutcome, ask_tries_left, offer_pin
from terminal.devices.card_reader.signing import RSA_BYTES
from terminal.devices.card_reader.tlv import bad_file, total_length

AID: Final = bytes.fromhex("D392F000260100000001")

_TOKEN_INFO: Final = 0x0006
_AUTHENTICATION_CERTIFICATE: Final = 0x000A
_AUTHENTICATION_CA: Final = 0x000B
_AUTHENTICATION_KEY: Final = 0x0017
_LABEL_BYTES: Final = 32
_DER_SEQUENCE: Final = 0x30
_DER_HEADER_BYTES: Final = 4

# PKCS #1 v1.5 padding takes at least 11 of the modulus' bytes (RFC 8017 section 9.2).
_MAX_SIGN_INPUT: Final = RSA_BYTES - 11


class PinReference(IntEnum):
    """The key files of the application's two secrets (reference section 2.1); the terminal never offers the second one."""

    AUTHENTICATION = 0x0018
    SIGNING = 0x001B


class CardVariant(StrEnum):
    """What carries the application, told by the token label of EF 0006 (reference sections 2.2 and 6)."""

    CARD = "card"
    ANDROID = "android"
    IPHONE = "iphone"


VARIANT_BY_LABEL: Final = {
    "JPKIAPICCTOKEN2": CardVariant.CARD,
    "JPKIAPGPSETOKEN": CardVariant.ANDROID,
    "JPKIAPIOSTOKEN": CardVariant.IPHONE,
}


class CertificateNeedsPinError(CardError):
    """The authentication certificate is readable only after the PIN: a phone's variant (reference section 6)."""

    def __init__(self) -> None:
        super().__init__(CardErrorCode.STATUS_WORD, "the certificate is readable only after the PIN; ask the PIN first")


class JpkiApplication:
    """A session with the selected JPKI application."""

    def __init__(self, connection: CardConnection) -> None:
        """Use ``select`` instead, which makes the application current first."""
        self._connection = connection

    @classmethod
    def select(cls, connection: CardConnection) -> Self:
        """Select the application; raise ``CardError`` (``CARD_NOT_MY_NUMBER_CARD``) when the card has none."""
        if not select_application(connection, AID):
            raise CardError(
                CardErrorCode.NOT_MY_NUMBER_CARD, "expected a My Number Card, another card came; put the right card on"
            )
        return cls(connection)

    def token_label(self) -> str:
        """The label that tells a card from a phone, without its padding; raise ``CardError`` (``CARD_BAD_FILE``) if not ASCII."""
        select_file(self._connection, _TOKEN_INFO)
        label = read_bytes(self._connection, 0, _LABEL_BYTES)
        if not (label.isascii() and label.decode("ascii", "replace").isprintable()):
            raise bad_file("expected a printable ASCII token label, something else came")
        return label.decode("ascii").rstrip(" ")

    def tries_left(self, pin: PinReference = PinReference.AUTHENTICATION) -> int:
        """Tries that a secret has left, 0 when blocked; consumes none."""
        return ask_tries_left(self._connection, pin)

    def verify(self, pin: PinBuffer, *, last_try_confirmed: bool = False) -> PinOutcome:
        """Offer the authentication PIN once; see ``pin_entry.offer_pin`` for what is guarded."""
        return offer_pin(self._connection, PinReference.AUTHENTICATION, pin, last_try_confirmed=last_try_confirmed)

    def authentication_certificate(self) -> bytes:
        """The authentication certificate as DER, unchecked (``certificate.TrustedCas.check`` does that).

        Raise ``CertificateNeedsPinError`` on a phone before the PIN, ``CardError``: ``CARD_CERT_ABSENT`` or ``CARD_BAD_FILE``.
        """
        try:
            return self._read_der(_AUTHENTICATION_CERTIFICATE)
        except StatusWordError as error:
            if error.sw == SW.SECURITY_STATUS:
                raise CertificateNeedsPinError from None
            if error.sw == SW.NOT_FOUND:
                raise CardError(
                    CardErrorCode.CERT_ABSENT,
                    "expected an authentication certificate on the card, it has none; the municipal office issues one",
                ) from None
            raise

    def authentication_ca(self) -> bytes:
        """The CA certificate that lies on the card, as DER: for display and tests, never for trust."""
        return self._read_der(_AUTHENTICATION_CA)

    def _read_der(self, file_id: int) -> bytes:
        der = read_file(self._connection, file_id, _DER_HEADER_BYTES, total_length)
        if der[0] != _DER_SEQUENCE:
            raise bad_file(f"expected a DER sequence in file {file_id:04X}, something else came")
        return der

    def sign(self, card_input: bytes) -> bytes:
        """Sign with the authentication key after ``verify``: ``card_input`` is the DigestInfo (1 to 245 bytes).

        The card pads and exponentiates (P1 00); 256 bytes come back. Raise ``StatusWordError`` when the card refuses (6982:
        the PIN was not given on this connection) and ``CardError`` (``CARD_BAD_ANSWER``) for an answer of another length.
        """
        if not 1 <= len(card_input) <= _MAX_SIGN_INPUT:
            raise ValueError(f"the card signs 1 to {_MAX_SIGN_INPUT} bytes, not {len(card_input)}")
        select_file(self._connection, _AUTHENTICATION_KEY)
        answer = self._connection.transmit(
            command(PERFORM_SECURITY_OPERATION, 0x00, CURRENT_FILE, card_input, le=MAX_LE)
        )
        if answer.sw != SW.OK:
            raise StatusWordError("signing with the authentication key", answer.sw)
        if len(answer.data) != RSA_BYTES:
            raise CardError(
                CardErrorCode.BAD_ANSWER,
                f"expected a signature of {RSA_BYTES} bytes, {len(answer.data)} came; put the card on the reader again",
            )
        return answer.data
