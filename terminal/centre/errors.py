"""Every code that ends an exchange with the centre, on the wire or found by the terminal, and the error that carries one."""

from collections.abc import Mapping
from enum import StrEnum, unique
from types import MappingProxyType

from terminal.errors import HonninError


@unique
class CentreErrorCode(StrEnum):
    """Failures of the protocol. What a person may not have is a ``RefusalCode`` instead (messages.py)."""

    # Found by the terminal on the way to the centre or in its answers
    UNREACHABLE = "CENTRE_UNREACHABLE"
    TLS_UNTRUSTED = "CENTRE_TLS_UNTRUSTED"
    TLS_REFUSED = "CENTRE_TLS_REFUSED"
    REDIRECTED = "CENTRE_REDIRECTED"
    ANSWER_BROKEN = "CENTRE_ANSWER_BROKEN"
    ANSWER_TOO_LARGE = "CENTRE_ANSWER_TOO_LARGE"
    ANSWER_MALFORMED = "CENTRE_ANSWER_MALFORMED"
    ANSWER_FOREIGN = "CENTRE_ANSWER_FOREIGN"
    TIMED_OUT = "CENTRE_TIMED_OUT"

    # Sent by the centre as problem details
    MALFORMED = "CENTRE_MALFORMED"
    BODY_TOO_LARGE = "CENTRE_BODY_TOO_LARGE"
    NOT_FOUND = "CENTRE_NOT_FOUND"
    METHOD_NOT_ALLOWED = "CENTRE_METHOD_NOT_ALLOWED"
    INTERNAL = "CENTRE_INTERNAL"
    BUSY = "CENTRE_BUSY"
    TERMINAL_UNKNOWN = "CENTRE_TERMINAL_UNKNOWN"
    TERMINAL_MISMATCH = "CENTRE_TERMINAL_MISMATCH"
    CHALLENGE_UNKNOWN = "CENTRE_CHALLENGE_UNKNOWN"
    CERTIFICATE_BAD = "CENTRE_CERTIFICATE_BAD"
    CERTIFICATE_UNTRUSTED = "CENTRE_CERTIFICATE_UNTRUSTED"
    SIGNATURE_WRONG = "CENTRE_SIGNATURE_WRONG"
    SESSION_KEY_BAD = "CENTRE_SESSION_KEY_BAD"
    SESSION_UNKNOWN = "CENTRE_SESSION_UNKNOWN"
    CHOICE_NOT_OFFERED = "CENTRE_CHOICE_NOT_OFFERED"
    REQUEST_CONFLICT = "CENTRE_REQUEST_CONFLICT"
    REQUEST_CANCELLED = "CENTRE_REQUEST_CANCELLED"
    REQUEST_UNKNOWN = "CENTRE_REQUEST_UNKNOWN"
    REPORT_CONFLICT = "CENTRE_REPORT_CONFLICT"
    MUNICIPALITY_UNKNOWN = "CENTRE_MUNICIPALITY_UNKNOWN"

    # Found by the terminal when it opens a bundle or seals a finding
    BUNDLE_TOO_LARGE = "CENTRE_BUNDLE_TOO_LARGE"
    BUNDLE_NOT_FOR_SESSION = "CENTRE_BUNDLE_NOT_FOR_SESSION"
    BUNDLE_BAD_SIGNATURE = "CENTRE_BUNDLE_BAD_SIGNATURE"
    BUNDLE_UNKNOWN_SIGNER = "CENTRE_BUNDLE_UNKNOWN_SIGNER"
    BUNDLE_MALFORMED = "CENTRE_BUNDLE_MALFORMED"
    BUNDLE_ALGORITHM = "CENTRE_BUNDLE_ALGORITHM"
    FINDING_TOO_LARGE = "CENTRE_FINDING_TOO_LARGE"
    SESSION_KEY_WIPED = "CENTRE_SESSION_KEY_WIPED"

    # Found by the terminal in its own trust files
    TRUST_UNREADABLE = "CENTRE_TRUST_UNREADABLE"
    TRUST_MALFORMED = "CENTRE_TRUST_MALFORMED"
    TRUST_NO_KEY = "CENTRE_TRUST_NO_KEY"
    TLS_FILES_BAD = "CENTRE_TLS_FILES_BAD"


REFUSAL_STATUS = 403
"""HTTP status of every ``RefusalCode``."""

WIRE_STATUS: Mapping[CentreErrorCode, int] = MappingProxyType(
    {
        CentreErrorCode.MALFORMED: 400,
        CentreErrorCode.BODY_TOO_LARGE: 413,
        CentreErrorCode.NOT_FOUND: 404,
        CentreErrorCode.METHOD_NOT_ALLOWED: 405,
        CentreErrorCode.INTERNAL: 500,
        CentreErrorCode.BUSY: 503,
        CentreErrorCode.TERMINAL_UNKNOWN: 401,
        CentreErrorCode.TERMINAL_MISMATCH: 401,
        CentreErrorCode.CHALLENGE_UNKNOWN: 401,
        CentreErrorCode.CERTIFICATE_BAD: 401,
        CentreErrorCode.CERTIFICATE_UNTRUSTED: 401,
        CentreErrorCode.SIGNATURE_WRONG: 401,
        CentreErrorCode.SESSION_KEY_BAD: 400,
        CentreErrorCode.SESSION_UNKNOWN: 401,
        CentreErrorCode.CHOICE_NOT_OFFERED: 409,
        CentreErrorCode.REQUEST_CONFLICT: 409,
        CentreErrorCode.REQUEST_CANCELLED: 410,
        CentreErrorCode.REQUEST_UNKNOWN: 404,
        CentreErrorCode.REPORT_CONFLICT: 409,
        CentreErrorCode.MUNICIPALITY_UNKNOWN: 404,
    }
)
"""The codes that a centre sends as problem details, each with its HTTP status; a terminal takes no other from the wire."""


class CentreError(HonninError):
    """A typed failure of the centre room; ``code`` is a ``CentreErrorCode``."""

    def __init__(self, code: CentreErrorCode, text: str) -> None:
        super().__init__(code.value, text)


class BundleError(CentreError):
    """A bundle that must not be used; ``code`` is one of ``CENTRE_BUNDLE_…``."""


class TrustError(CentreError):
    """The terminal's own trust files are missing or wrong: it must not take a customer."""
